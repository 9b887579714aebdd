//! The file of names that an engine writes for each container, `/etc/hosts`: an address per line, then its names. Form:
//! hosts(5).

use std::net::IpAddr;

/// Where a machine finds itself that has no other address for its name, as Debian has it.
const ITSELF: &str = "127.0.1.1";

/// The file with `name` kept off an address: what leads there is left out, and where nothing else is left that says where
/// `name` is, it is the machine itself. `None` when the file is fine as it is.
pub fn kept_off(text: &str, name: &str, avoided: Option<IpAddr>) -> Option<String> {
    let is_avoided =
        |line: &str| avoided.is_some() && address(line) == avoided && names(line).any(|one| one == name);
    let mut kept: String = text.split_inclusive('\n').filter(|line| !is_avoided(line)).collect();
    if !kept.lines().any(|line| address(line).is_some() && names(line).any(|one| one == name)) {
        if !kept.is_empty() && !kept.ends_with('\n') {
            kept.push('\n');
        }
        kept.push_str(&format!("{ITSELF}\t{name}\n"));
    }
    (kept != text).then_some(kept)
}

fn fields(line: &str) -> impl Iterator<Item = &str> {
    line.split('#').next().unwrap_or_default().split_whitespace()
}

fn address(line: &str) -> Option<IpAddr> {
    fields(line).next()?.parse().ok()
}

fn names(line: &str) -> impl Iterator<Item = &str> {
    fields(line).skip(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGINES: &str = "127.0.0.1\tlocalhost\n172.17.0.2\tabc\n172.26.0.2\tabc\n172.26.0.2\tother # abc\n";

    fn kept(text: &str, avoided: &str) -> Option<String> {
        kept_off(text, "abc", avoided.parse().ok())
    }

    #[test]
    fn only_the_lines_that_lead_there_go() {
        let wanted = "127.0.0.1\tlocalhost\n172.17.0.2\tabc\n172.26.0.2\tother # abc\n";
        assert_eq!(kept(ENGINES, "172.26.0.2").as_deref(), Some(wanted));
        assert_eq!(kept(wanted, "172.26.0.2"), None);
        assert_eq!(kept(ENGINES, "172.30.0.2"), None);
        assert_eq!(kept(ENGINES, ""), None);
    }

    #[test]
    fn a_name_that_leads_nowhere_any_more_leads_to_the_machine_itself() {
        let itself = "127.0.0.1\tlocalhost\n127.0.1.1\tabc\n";
        assert_eq!(kept("127.0.0.1\tlocalhost\n172.26.0.2\tabc\n", "172.26.0.2").as_deref(), Some(itself));
        assert_eq!(kept("127.0.0.1\tlocalhost", "").as_deref(), Some(itself));
        assert_eq!(kept("", "").as_deref(), Some("127.0.1.1\tabc\n"));
        assert_eq!(kept(itself, "172.26.0.2"), None);
    }
}

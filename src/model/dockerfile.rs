//! What a Dockerfile says about ports.

use std::str::FromStr;

use super::{Fault, Outcome};

/// A port that an image exposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exposed {
    /// In the container.
    pub port: u16,
    /// True for UDP.
    pub is_udp: bool,
}

impl Exposed {
    /// The scheme of the mapping that is detected from it: `https` for 443, `udp`, else `http`.
    pub fn scheme(self) -> &'static str {
        match (self.is_udp, self.port) {
            (true, _) => "udp",
            (false, 443) => "https",
            (false, _) => "http",
        }
    }

    /// The detected mapping, `http:3000:3000` (contract: formats.md section 3).
    pub fn mapping(self) -> String {
        format!("{}:{}:{}", self.scheme(), self.port, self.port)
    }
}

impl FromStr for Exposed {
    type Err = Fault;

    /// From `3000`, `3000/tcp` or `3000/udp`, as a Dockerfile writes it and an image lists it.
    fn from_str(text: &str) -> Outcome<Self> {
        let (port, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
        let is_udp = protocol.eq_ignore_ascii_case("udp");
        let port = port.parse().ok().filter(|&port: &u16| port > 0);
        match port {
            Some(port) if is_udp || protocol.eq_ignore_ascii_case("tcp") => Ok(Exposed { port, is_udp }),
            Some(_) | None => Err(Fault::new(format!("{text} is not a port"))),
        }
    }
}

/// The ports named in a Dockerfile: of each line that begins with `EXPOSE ` in upper case the first one, as Dokku
/// detects them. What is no number, such as `$PORT`, is left to the built image, which knows its value.
pub fn exposed_ports(dockerfile: &str) -> Vec<Exposed> {
    dockerfile
        .lines()
        .filter_map(|line| line.strip_prefix("EXPOSE ")?.split_whitespace().next()?.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detected(dockerfile: &str) -> String {
        let mappings: Vec<String> = exposed_ports(dockerfile).into_iter().map(Exposed::mapping).collect();
        mappings.join(" ")
    }

    #[test]
    fn only_the_first_port_of_a_line_counts() {
        assert_eq!(detected("FROM a\nEXPOSE 3000 4000\r\nEXPOSE 3001/udp\nEXPOSE 443/tcp\n"), {
            "http:3000:3000 udp:3001:3001 https:443:443"
        });
    }

    #[test]
    fn lower_case_indented_and_computed_lines_do_not_count() {
        assert_eq!(
            detected("expose 1\n  EXPOSE 2\nEXPOSE $PORT\nEXPOSE 80-90\nEXPOSE 0\nEXPOSE 70000\nEXPOSE\n"),
            ""
        );
    }
}

//! `sshcommand`, by which scripts and plugins manage keys: another spelling of `dokku ssh-keys`.

use std::process::ExitCode;

use super::dokku;
use crate::kernel::{Failure, Out, Registry};
use crate::platform::env::Env;

const USAGE: &str = "Usage: sshcommand acl-add USER NAME [KEY_FILE]\n       sshcommand acl-remove USER NAME\n       \
sshcommand list USER [NAME] [text|json]\n       sshcommand version\nThe same: dokku ssh-keys:help";

/// Runs `sshcommand` with the words behind its name.
pub fn run(words: &[String], env: &Env, registry: Registry) -> ExitCode {
    let out = Out::of_process(false, false);
    let meant = match words.first().map(String::as_str) {
        Some("version") => {
            out.plain(env!("CARGO_PKG_VERSION"));
            return ExitCode::SUCCESS;
        }
        Some("help") => {
            out.plain(USAGE);
            return ExitCode::SUCCESS;
        }
        Some(_) | None => meaning(words, env.get("DOKKU_SYSTEM_USER").unwrap_or("dokku")),
    };
    match meant.and_then(|words| dokku(words, env, registry)) {
        Ok(status) => status,
        Err(failure) => {
            failure.print(&out);
            ExitCode::from(failure.status())
        }
    }
}

/// The words of `dokku` that mean the same.
fn meaning(words: &[String], user: &str) -> Result<Vec<String>, Failure> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let meant = match words.as_slice() {
        ["acl-add" | "acl-remove" | "list", other, ..] if *other != user => {
            return Err(Failure::user(format!("There are no keys of user {other} here"))
                .hint(format!("Keys are for user {user}")));
        }
        ["acl-add", _, name, rest @ ..] if rest.len() < 2 => [&["ssh-keys:add", name], rest].concat(),
        ["acl-remove", _, name] => vec!["ssh-keys:remove", name],
        ["list", _] => vec!["ssh-keys:list"],
        ["list", _, "", format] => vec!["ssh-keys:list", "--format", format],
        ["list", _, name] => vec!["ssh-keys:list", name],
        ["list", _, name, format] => vec!["ssh-keys:list", name, "--format", format],
        _ => return Err(Failure::user(USAGE)),
    };
    Ok(meant.into_iter().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(line: &str) -> String {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        meaning(&words, "dokku").map_or_else(|failure| failure.message, |words| words.join(" "))
    }

    #[test]
    fn each_verb_has_its_command() {
        for (line, meant) in [
            ("acl-add dokku admin", "ssh-keys:add admin"),
            ("acl-add dokku admin /tmp/key", "ssh-keys:add admin /tmp/key"),
            ("acl-remove dokku admin", "ssh-keys:remove admin"),
            ("list dokku", "ssh-keys:list"),
            ("list dokku admin json", "ssh-keys:list admin --format json"),
            ("list dokku  json", "ssh-keys:list --format json"),
            ("list root", "There are no keys of user root here"),
        ] {
            assert_eq!(said(line), meant, "{line}");
        }
        assert!(said("acl-add dokku").starts_with("Usage: "));
    }
}

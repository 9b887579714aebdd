//! One line of `authorized_keys`.
//!
//! Dokku's sshcommand writes, and its bash plugins read, lines of this form (0.38.27):
//! `command="FINGERPRINT=SHA256:… NAME=\"NAME\" `cat /home/dokku/.sshcommand` $SSH_ORIGINAL_COMMAND",RESTRICTIONS TYPE BLOB COMMENT`.
//! A shell once ran that command; here only its two values are read. Any other command cannot be
//! honoured, so its line is refused, as is a line without one: it would have given a shell.

use super::conditions::Conditions;
use super::options::{self, KeyOption};
use crate::model::{Fault, Outcome};

/// What sshcommand writes behind the command when `SSHCOMMAND_ALLOWED_KEYS` says nothing else.
pub const DEFAULT_RESTRICTIONS: &str = "no-agent-forwarding,no-user-rc,no-X11-forwarding,no-port-forwarding";

/// A key that may enter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizedKey {
    /// The name it was added under: `NAME` for the command.
    pub name: String,
    /// Its fingerprint as the line has it: `FINGERPRINT` for the command.
    pub fingerprint: String,
    /// The options behind the command, as written.
    pub restrictions: String,
    /// What limits its use.
    pub conditions: Conditions,
    /// `ssh-ed25519` and so on.
    pub key_type: String,
    /// The key in base64.
    pub blob: String,
    /// What follows the key.
    pub comment: String,
}

impl AuthorizedKey {
    /// `TYPE BLOB` and the comment, as in a `.pub` file.
    pub fn public_key(&self) -> String {
        format!("{} {} {}", self.key_type, self.blob, self.comment).trim_end().to_owned()
    }
}

/// Reads a line; `None` for blank lines and comments.
///
/// # Errors
/// Why the line admits nobody.
pub fn parse_line(line: &str) -> Outcome<Option<AuthorizedKey>> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    let (list, key) = options::split(line)?;
    let options = options::parse(list)?;
    let (name, fingerprint) = identity(&options)?;
    let conditions = Conditions::from_options(&options)?;
    let mut words = key.splitn(3, [' ', '\t']);
    let (key_type, blob) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    check_type(key_type)?;
    if blob.is_empty() {
        return Err(Fault::new("the key is missing"));
    }
    let restrictions: Vec<&str> = options
        .iter()
        .filter(|option| !option.name.eq_ignore_ascii_case("command"))
        .map(|option| option.text.as_str())
        .collect();
    Ok(Some(AuthorizedKey {
        name,
        fingerprint,
        restrictions: restrictions.join(","),
        conditions,
        key_type: key_type.to_owned(),
        blob: blob.to_owned(),
        comment: words.next().unwrap_or_default().trim().to_owned(),
    }))
}

/// The line for a key, with `root` the folder whose `.sshcommand` names the program.
pub fn line_for(root: &str, key: &AuthorizedKey) -> String {
    format!(
        "command=\"FINGERPRINT={} NAME=\\\"{}\\\" `cat {root}/.sshcommand` $SSH_ORIGINAL_COMMAND\",{} {}",
        key.fingerprint,
        key.name,
        key.restrictions,
        key.public_key()
    )
}

/// Refuses key types that cannot be checked here.
///
/// # Errors
/// For `sk-` keys: the SSH library verifies their signature but does not tell whether the token was
/// touched, and without that a stolen session could use them unseen.
pub fn check_type(key_type: &str) -> Outcome {
    match key_type {
        "ssh-ed25519" | "ssh-rsa" | "ecdsa-sha2-nistp256" | "ecdsa-sha2-nistp384" | "ecdsa-sha2-nistp521" => {
            Ok(())
        }
        "ssh-dss" => {
            Err(Fault::new("keys of type ssh-dss (DSA) are not supported: they are too short to be safe")
                .hint("Use a key of type ssh-ed25519: ssh-keygen -t ed25519"))
        }
        token if token.starts_with("sk-") => {
            Err(Fault::new(format!("keys of type {token} are not supported: the touch cannot be verified"))
                .hint("Use a key of type ssh-ed25519"))
        }
        other => Err(Fault::new(format!("unknown key type {other}"))),
    }
}

fn identity(options: &[KeyOption]) -> Outcome<(String, String)> {
    let command = options
        .iter()
        .find(|option| option.name.eq_ignore_ascii_case("command"))
        .and_then(|option| option.value.as_deref())
        .ok_or_else(|| Fault::new("it has no command=, so it would have given a shell"))?;
    let foreign = || Fault::new("its command= is not the one that ssh-keys:add writes");
    let rest = command.strip_prefix("FINGERPRINT=").ok_or_else(foreign)?;
    let (fingerprint, rest) = rest.split_once(' ').ok_or_else(foreign)?;
    let rest = rest.trim_start().strip_prefix("NAME=").ok_or_else(foreign)?;
    let rest = rest.trim_end().strip_suffix("$SSH_ORIGINAL_COMMAND").ok_or_else(foreign)?.trim_end();
    // The program is either the file's text, in backticks, or (older lines) the path itself.
    let (name, _program) = match rest.strip_suffix('`') {
        Some(quoted) => quoted.rsplit_once('`').ok_or_else(foreign)?,
        None => rest.rsplit_once(' ').ok_or_else(foreign)?,
    };
    let name = name.trim();
    let name = name.strip_prefix('"').and_then(|inside| inside.strip_suffix('"')).unwrap_or(name);
    Ok((name.to_owned(), fingerprint.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"command="FINGERPRINT=SHA256:abc NAME=\"admin\" `cat /home/dokku/.sshcommand` $SSH_ORIGINAL_COMMAND",no-agent-forwarding,no-user-rc,no-X11-forwarding,no-port-forwarding ssh-ed25519 AAAAC3 me@home and more"#;

    #[test]
    fn reads_what_dokku_writes_and_writes_it_again() {
        let key = parse_line(LINE).unwrap().unwrap();
        assert_eq!((key.name.as_str(), key.fingerprint.as_str()), ("admin", "SHA256:abc"));
        assert_eq!(key.restrictions, DEFAULT_RESTRICTIONS);
        assert_eq!((key.key_type.as_str(), key.blob.as_str()), ("ssh-ed25519", "AAAAC3"));
        assert_eq!(key.comment, "me@home and more");
        assert_eq!(line_for("/home/dokku", &key), LINE);
    }

    #[test]
    fn reads_older_lines() {
        let line = r#"command="FINGERPRINT=aa:bb NAME=admin /usr/bin/dokku $SSH_ORIGINAL_COMMAND",no-pty ssh-rsa AAAAB3"#;
        let key = parse_line(line).unwrap().unwrap();
        assert_eq!((key.name.as_str(), key.fingerprint.as_str()), ("admin", "aa:bb"));
        assert!(key.conditions.no_terminal);
    }

    #[test]
    fn passes_over_blank_lines_and_comments() {
        assert_eq!(parse_line("  ").unwrap(), None);
        assert_eq!(parse_line("# a comment").unwrap(), None);
    }

    #[test]
    fn refuses_what_it_cannot_honour() {
        let unknown = LINE.replace("no-user-rc", "no-such-option");
        let token = LINE.replace("ssh-ed25519", "sk-ssh-ed25519@openssh.com");
        let foreign = LINE.replace("FINGERPRINT=", "/bin/sh #");
        for line in [
            unknown.as_str(),
            &token,
            &foreign,
            "ssh-ed25519 AAAA shell",
            "restrict ssh-rsa AAAA",
            "ssh-dss AAAA",
        ] {
            assert!(parse_line(line).is_err(), "{line}");
        }
    }
}

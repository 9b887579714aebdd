//! The file `ROOT/.ssh/authorized_keys`: who is admitted by it, and its changes.

use std::path::{Path, PathBuf};

use russh::keys::{HashAlg, PublicKey};

use super::authorized::{self, AuthorizedKey, line_for, parse_line};
use super::conditions::{Conditions, Visitor};
use super::options;
use crate::model::{Fault, Outcome};
use crate::platform::files;
use crate::platform::lock::Lock;

/// What the file says to an offered key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It may enter, as this one.
    Admitted(AuthorizedKey),
    /// It stands there, but may not enter now; why.
    Refused(String),
    /// It does not stand there.
    Unknown,
}

/// Which keys to remove.
#[derive(Clone, Debug)]
pub enum Selector {
    /// All of this name.
    Name(String),
    /// The one of this fingerprint.
    Fingerprint(String),
}

/// Looks an offered key up. `blob` is the key in base64. The first line that admits it counts; lines
/// of other keys are not even parsed, so ten thousand of them cost a scan of the text.
///
/// # Errors
/// When the file cannot be read.
pub fn admit(path: &Path, blob: &str, visitor: &Visitor) -> Outcome<Admission> {
    let text = files::read_text(path)?.unwrap_or_default();
    let mut answer = Admission::Unknown;
    for line in text.lines().filter(|line| line.contains(blob)) {
        match parse_line(line) {
            Ok(Some(key)) if key.blob == blob => match key.conditions.refusal(visitor) {
                None => return Ok(Admission::Admitted(key)),
                Some(why) => answer = Admission::Refused(why),
            },
            Ok(_) => {}
            Err(fault) => answer = Admission::Refused(format!("the line of this key is refused: {fault}")),
        }
    }
    Ok(answer)
}

/// All keys that the file admits, in its order. Lines that admit nobody are left out.
///
/// # Errors
/// When the file cannot be read.
pub fn list(path: &Path) -> Outcome<Vec<AuthorizedKey>> {
    let text = files::read_text(path)?.unwrap_or_default();
    Ok(text.lines().filter_map(|line| parse_line(line).ok().flatten()).collect())
}

/// Adds a key and returns its fingerprint. `text` is what a `.pub` file holds; `restrictions` the
/// value of `SSHCOMMAND_ALLOWED_KEYS` or [`authorized::DEFAULT_RESTRICTIONS`]. `root` is the folder above `.ssh`.
///
/// # Errors
/// In Dokku's words: a text that is no key or more than one, a name or a fingerprint that is there already.
pub fn add(root: &Path, name: &str, text: &str, restrictions: &str) -> Outcome<String> {
    check_name(name)?;
    let key = new_key(name, text, restrictions)?;
    let path = keys_path(root);
    let _lock = lock(root)?;
    let old = files::read_text(&path)?.unwrap_or_default();
    for present in old.lines().filter_map(|line| parse_line(line).ok().flatten()) {
        if present.name == name {
            return Err(Fault::new("Duplicate ssh key name"));
        }
        if present.blob == key.blob {
            return Err(Fault::new("Duplicate ssh public key specified"));
        }
    }
    let separator = if old.is_empty() || old.ends_with('\n') { "" } else { "\n" };
    let line = line_for(&root.display().to_string(), &key);
    files::create_folders(&root.join(".ssh"), 0o700)?;
    files::write(&path, format!("{old}{separator}{line}\n").as_bytes(), 0o600)?;
    Ok(key.fingerprint)
}

/// Removes the keys selected and returns them. Lines that are not Dokku's stay as they are.
///
/// # Errors
/// When the file cannot be read or written.
pub fn remove(root: &Path, selector: &Selector) -> Outcome<Vec<AuthorizedKey>> {
    let path = keys_path(root);
    let _lock = lock(root)?;
    let Some(old) = files::read_text(&path)? else { return Ok(Vec::new()) };
    let mut removed = Vec::new();
    let mut kept = String::new();
    for line in old.lines() {
        match parse_line(line) {
            Ok(Some(key)) if selects(selector, &key) => removed.push(key),
            Ok(_) | Err(_) => {
                kept.push_str(line);
                kept.push('\n');
            }
        }
    }
    if !removed.is_empty() {
        files::write(&path, kept.as_bytes(), 0o600)?;
    }
    Ok(removed)
}

fn keys_path(root: &Path) -> PathBuf {
    root.join(".ssh/authorized_keys")
}

fn lock(root: &Path) -> Outcome<Lock> {
    Lock::take(&root.join(".ssh/.authorized_keys.lock"))
}

fn selects(selector: &Selector, key: &AuthorizedKey) -> bool {
    match selector {
        Selector::Name(name) => key.name == *name,
        Selector::Fingerprint(fingerprint) => key.fingerprint == *fingerprint,
    }
}

/// A name stands in quotes in a line that a shell reads wherever the volume goes back to OpenSSH.
fn check_name(name: &str) -> Outcome {
    let harmful = |letter: char| letter.is_control() || matches!(letter, '"' | '\\' | '$' | '`');
    if name.is_empty() || name.chars().any(harmful) {
        return Err(Fault::new(format!("{name:?} cannot be the name of a key"))
            .hint("A name must not hold quotes, backslashes, dollar signs or backticks"));
    }
    Ok(())
}

fn new_key(name: &str, text: &str, restrictions: &str) -> Outcome<AuthorizedKey> {
    let invalid = || Fault::new("Key specified in is not a valid ssh public key");
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let line = lines.next().ok_or_else(invalid)?;
    if lines.next().is_some() {
        return Err(Fault::new(
            "Too many keys provided, set one per invocation of dokku ssh-keys:add <NAME> <KEY_FILE>",
        ));
    }
    // ssh-keygen accepts a line with options in front, and so does Dokku; they are dropped.
    let (_, key) = options::split(line).map_err(|_| invalid())?;
    if let Some(token) =
        key.split_whitespace().next().filter(|word| word.starts_with("sk-") || *word == "ssh-dss")
    {
        authorized::check_type(token)?;
    }
    let parsed = PublicKey::from_openssh(key).map_err(|_| invalid())?;
    let mut words = key.split_whitespace();
    let (key_type, blob) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    authorized::check_type(key_type)?;
    let conditions = Conditions::from_options(&options::parse(restrictions)?)
        .map_err(|fault| Fault::new(format!("SSHCOMMAND_ALLOWED_KEYS: {fault}")))?;
    Ok(AuthorizedKey {
        name: name.to_owned(),
        fingerprint: parsed.fingerprint(HashAlg::Sha256).to_string(),
        restrictions: restrictions.to_owned(),
        conditions,
        key_type: key_type.to_owned(),
        blob: blob.to_owned(),
        comment: words.collect::<Vec<_>>().join(" "),
    })
}

#[cfg(test)]
mod tests {
    use super::super::DEFAULT_RESTRICTIONS;
    use super::*;

    const ONE: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ one@home\n";
    const TWO: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA6rWI3G1sz07DnfFlrouTcysQlj2P+jpNSOEWD9OJ3X two@home\n";

    fn visitor() -> Visitor {
        Visitor { address: "192.0.2.7".parse().unwrap(), now: "2026-05-01T12:00:00Z".parse().unwrap() }
    }

    fn blob(text: &str) -> &str {
        text.split(' ').nth(1).unwrap()
    }

    #[test]
    fn a_key_added_is_admitted_listed_and_removed() {
        let root = tempfile::tempdir().unwrap();
        let fingerprint = add(root.path(), "admin", ONE, DEFAULT_RESTRICTIONS).unwrap();
        add(root.path(), "other", TWO, "restrict,from=\"10.0.0.0/8\"").unwrap();
        let path = root.path().join(".ssh/authorized_keys");

        let Admission::Admitted(key) = admit(&path, blob(ONE), &visitor()).unwrap() else {
            panic!("refused")
        };
        assert_eq!((key.name.as_str(), &key.fingerprint), ("admin", &fingerprint));
        assert!(matches!(admit(&path, blob(TWO), &visitor()).unwrap(), Admission::Refused(_)));
        assert_eq!(admit(&path, "AAAA", &visitor()).unwrap(), Admission::Unknown);

        let names: Vec<String> = list(&path).unwrap().into_iter().map(|key| key.name).collect();
        assert_eq!(names, ["admin", "other"]);
        assert_eq!(remove(root.path(), &Selector::Fingerprint(fingerprint)).unwrap().len(), 1);
        assert_eq!(remove(root.path(), &Selector::Name("nobody".into())).unwrap(), []);
        assert_eq!(list(&path).unwrap().len(), 1);
    }

    #[test]
    fn duplicates_are_refused_in_dokkus_words() {
        let root = tempfile::tempdir().unwrap();
        add(root.path(), "admin", ONE, DEFAULT_RESTRICTIONS).unwrap();
        let refused = |name: &str, text: &str| {
            add(root.path(), name, text, DEFAULT_RESTRICTIONS).unwrap_err().to_string()
        };
        assert_eq!(refused("admin", TWO), "Duplicate ssh key name");
        assert_eq!(refused("more", ONE), "Duplicate ssh public key specified");
        assert!(refused("more", &format!("{ONE}{TWO}")).starts_with("Too many keys provided"));
        assert_eq!(refused("more", "nonsense"), "Key specified in is not a valid ssh public key");
        assert_eq!(refused("more", ""), "Key specified in is not a valid ssh public key");
        let token = "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIFwuKXwn";
        assert!(refused("more", token).contains("touch cannot be verified"));
        assert!(
            refused("more", "ssh-dss AAAAB3NzaC1kc3MAAACBAORffoauv1UUfoMLjfRiCHwl6fb7dZvVKQ83tLCr4ayt")
                .starts_with("keys of type ssh-dss (DSA)")
        );
        assert!(refused("a\"b", TWO).contains("cannot be the name of a key"));
    }

    #[test]
    fn lines_of_others_stay() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join(".ssh/authorized_keys");
        files::write(&path, format!("# mine\n{TWO}").as_bytes(), 0o600).unwrap();
        add(root.path(), "admin", ONE, DEFAULT_RESTRICTIONS).unwrap();
        remove(root.path(), &Selector::Name("admin".into())).unwrap();
        assert_eq!(files::read_text(&path).unwrap().unwrap(), format!("# mine\n{TWO}"));
        assert!(matches!(admit(&path, blob(TWO), &visitor()).unwrap(), Admission::Refused(_)));
    }
}

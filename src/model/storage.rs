//! What storage commands are told: names of entries, owners and modes of folders, mounts in one word
//! (contract: commands.yaml, storage).

use std::fmt;
use std::str::FromStr;

use super::Fault;

/// The longest name: k3s makes a release `storage-NAME` of it, for which 53 characters are left.
const LONGEST: usize = 45;

/// With this begin the names of entries that were made of mounts in one word.
const LEGACY: &str = "legacy-";

/// The name of an entry that a user makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryName(String);

impl EntryName {
    /// The name of the entry that stands for a host folder or volume, by the SHA-1 of what stands for it.
    pub fn of_legacy(sha1: &str) -> Self {
        EntryName(format!("{LEGACY}{}", &sha1[..sha1.len().min(10)]))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True for what may stand in the registry, legacy names included. Anything else names no file there.
    pub fn may_be(text: &str) -> bool {
        text.len() <= LONGEST && is_label(text)
    }
}

impl fmt::Display for EntryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for EntryName {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        if text.is_empty() {
            return Err(Fault::new("storage entry name is required"));
        }
        if text.len() > LONGEST {
            return Err(Fault::new(format!(
                "storage entry name {text:?} is too long (max {LONGEST} characters); \
                 helm release names cap our budget"
            )));
        }
        if !is_label(text) {
            return Err(Fault::new(format!(
                "storage entry name {text:?} must be a DNS-1123 label \
                 (lowercase letters, digits, and dashes; cannot start or end with a dash)"
            )));
        }
        if text.starts_with(LEGACY) {
            return Err(Fault::new(format!(
                "storage entry name {text:?} must not start with reserved prefix {LEGACY:?}"
            )));
        }
        Ok(EntryName(text.to_owned()))
    }
}

/// A label of DNS: small letters, digits, and dashes between them.
fn is_label(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.bytes().all(fits) && !text.starts_with('-') && !text.ends_with('-')
}

/// True for the name of a volume of the engine, as opposed to a folder of the host.
pub fn is_volume_name(text: &str) -> bool {
    let rest = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    text.len() >= 2 && text.as_bytes()[0].is_ascii_alphanumeric() && text.bytes().all(rest)
}

/// The permissions of a folder in four octal digits; nothing for nothing.
///
/// # Errors
/// For anything but three or four octal digits.
pub fn directory_mode(text: &str) -> Result<String, Fault> {
    let is_octal = text.bytes().all(|byte| (b'0'..=b'7').contains(&byte));
    match (text.len(), is_octal) {
        (0, _) => Ok(String::new()),
        (3, true) => Ok(format!("0{text}")),
        (4, true) => Ok(text.to_owned()),
        _ => Err(Fault::new(format!(
            "Unsupported directory mode {text:?}. Value must be a 3 or 4 digit octal mode, such as 0755"
        ))),
    }
}

/// Whom a folder is to belong to: what `--chown` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChownOption {
    /// User and group; `None` leaves them.
    pub id: Option<u32>,
    /// True for the spelling `packeto`, which older releases had.
    pub is_misspelt: bool,
}

impl FromStr for ChownOption {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let id = match text {
            "false" => None,
            "herokuish" => Some(32767),
            "heroku" => Some(1000),
            "paketo" | "packeto" => Some(2000),
            "root" => Some(0),
            number if number.bytes().all(|byte| byte.is_ascii_digit()) => {
                let id = number.parse::<u16>().map_err(|_| unsupported())?;
                Some(u32::from(id))
            }
            _ => return Err(unsupported()),
        };
        Ok(ChownOption { id, is_misspelt: text == "packeto" })
    }
}

fn unsupported() -> Fault {
    Fault::new("Unsupported chown permissions")
        .hint("It is one of herokuish, heroku, paketo, root, false, or a number up to 65535")
}

/// A mount in one word, `SOURCE:TARGET[:OPTIONS]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColonMount {
    /// A folder of the host, or a volume.
    pub source: String,
    /// A path in the container.
    pub target: String,
    /// True when `ro` is among the options.
    pub readonly: bool,
    /// The other options, joined by commas as they came.
    pub options: String,
}

impl FromStr for ColonMount {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let mut parts = text.splitn(3, ':');
        let source = parts.next().unwrap_or_default().to_owned();
        let target = parts.next().unwrap_or_default().to_owned();
        let is_source = source.starts_with('/') || is_volume_name(&source);
        if !is_source || !target.starts_with('/') {
            let mut message = "Storage path must be two valid paths divided by colon.".to_owned();
            if !text.starts_with('/') {
                message = format!(
                    "Volume name must be two characters or more. \
                     Volume name must not contain invalid characters. {message}"
                );
            }
            return Err(Fault::new(message));
        }
        let words = parts.next().unwrap_or_default().split(',').filter(|word| !word.is_empty());
        let (read, others): (Vec<&str>, Vec<&str>) = words.partition(|word| *word == "ro");
        Ok(ColonMount { source, target, readonly: !read.is_empty(), options: others.join(",") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(name: &str) -> String {
        name.parse::<EntryName>().expect_err("no name").message
    }

    #[test]
    fn names_are_labels_of_dns() {
        assert_eq!("node-js-data".parse::<EntryName>().expect("a name").as_str(), "node-js-data");
        assert_eq!(refused(""), "storage entry name is required");
        assert!(refused(&"a".repeat(46)).contains("too long (max 45 characters)"));
        for name in ["-a", "a-", "A", "a.b", "../etc", "a_b"] {
            assert!(refused(name).contains("must be a DNS-1123 label"), "{name}");
            assert!(!EntryName::may_be(name), "{name}");
        }
        assert!(refused("legacy-0123").contains("reserved prefix \"legacy-\""));
        assert!(EntryName::may_be("legacy-0123"));
        assert_eq!(EntryName::of_legacy("0123456789abcdef").as_str(), "legacy-0123456789");
    }

    #[test]
    fn modes_have_four_digits() {
        assert_eq!(directory_mode("755").expect("a mode"), "0755");
        assert_eq!(directory_mode("2770").expect("a mode"), "2770");
        assert_eq!(directory_mode("").expect("none"), "");
        for text in ["0888", "07555", "u+rwx", "75", "é55"] {
            assert!(directory_mode(text).expect_err("no mode").message.contains("octal mode"), "{text}");
        }
    }

    #[test]
    fn owners_have_names_or_numbers() {
        let id = |text: &str| text.parse::<ChownOption>().expect("an owner").id;
        assert_eq!(
            ["herokuish", "heroku", "paketo", "root", "65535"].map(id).map(Option::unwrap_or_default),
            [32767, 1000, 2000, 0, 65535]
        );
        assert_eq!(id("false"), None);
        assert!("packeto".parse::<ChownOption>().expect("an owner").is_misspelt);
        for text in ["", "65536", "-1", "+1", "nobody"] {
            assert_eq!(
                text.parse::<ChownOption>().expect_err("no owner").message,
                "Unsupported chown permissions"
            );
        }
    }

    #[test]
    fn a_mount_in_one_word_is_read() {
        let mount: ColonMount = "/srv/x:/data:Z,ro,noexec".parse().expect("a mount");
        assert_eq!((mount.source.as_str(), mount.target.as_str()), ("/srv/x", "/data"));
        assert_eq!((mount.readonly, mount.options.as_str()), (true, "Z,noexec"));
        assert_eq!("vol:/data".parse::<ColonMount>().expect("a mount").source, "vol");
        for text in ["/srv/x", "/srv/x:data", "/srv/x:"] {
            let message = text.parse::<ColonMount>().expect_err("no mount").message;
            assert_eq!(message, "Storage path must be two valid paths divided by colon.");
        }
        for text in ["v:/data", "$v:/data", "vol:data", "vol", ""] {
            let message = text.parse::<ColonMount>().expect_err("no mount").message;
            assert!(message.starts_with("Volume name must be two characters or more."), "{text}: {message}");
        }
    }
}

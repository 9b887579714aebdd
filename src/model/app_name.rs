//! The name of an app.

use std::fmt;
use std::str::FromStr;

use super::Fault;

/// The name of an app: `^[a-z0-9][a-z0-9.-]*$`, at most 100 bytes, without `..`.
///
/// Dokku (0.38.27) checks the pattern alone. A name is also a folder, a container name and a host
/// name, so what cannot be one of these is refused here (docs/differences.md, "App names").
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AppName(String);

impl AppName {
    /// The longest name accepted, in bytes: with process type, index and suffix it still fits a container name.
    pub const LONGEST: usize = 100;

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AppName {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let mut bytes = text.bytes();
        let first = bytes.next().is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let rest = bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-');
        if !first || !rest {
            return Err(Fault::new(
                "App name must begin with lowercase alphanumeric character, and may only contain lowercase alphanumerics, dots, and hyphens",
            ));
        }
        if text.contains("..") {
            return Err(Fault::new(format!("App name must not contain two dots in a row: {text}")));
        }
        if text.len() > Self::LONGEST {
            return Err(Fault::new(format!(
                "App name must not be longer than {} characters, this one has {}",
                Self::LONGEST,
                text.len()
            )));
        }
        Ok(AppName(text.to_owned()))
    }
}

impl fmt::Display for AppName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for AppName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_what_dokku_accepts() {
        for name in ["a", "0", "my-app", "my.app", "a-", "node-js-app"] {
            assert!(name.parse::<AppName>().is_ok(), "{name}");
        }
    }

    #[test]
    fn refuses_paths_flags_upper_case_and_endless_names() {
        let (longest, long) = ("a".repeat(100), "a".repeat(101));
        assert!(longest.parse::<AppName>().is_ok());
        for name in ["", "..", ".a", "a/b", "a..b", "-a", "--all", "A", "aB", "a b", "a\n", "ä", &long] {
            assert!(name.parse::<AppName>().is_err(), "{name}");
        }
    }
}

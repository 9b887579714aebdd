//! The type of a process: `web`, `worker`, whatever a Procfile names.

use std::fmt;
use std::str::FromStr;

use super::Fault;

/// A process type: a DNS label of 1 to 63 characters (a-z, 0-9, `-`, alphanumeric at both ends).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcessType(String);

impl ProcessType {
    /// The process type that the proxy routes to.
    pub fn web() -> Self {
        ProcessType("web".to_owned())
    }

    /// True for `web`.
    pub fn is_web(&self) -> bool {
        self.0 == "web"
    }

    /// The type as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProcessType {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let fits = (1..=63).contains(&text.len()) && text.bytes().all(inner);
        if !fits || text.starts_with('-') || text.ends_with('-') {
            return Err(Fault::new(format!("{text} is not a valid process type"))
                .hint("a process type has 1 to 63 characters of a-z, 0-9 and -, alphanumeric at both ends"));
        }
        Ok(ProcessType(text.to_owned()))
    }
}

impl fmt::Display for ProcessType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for ProcessType {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

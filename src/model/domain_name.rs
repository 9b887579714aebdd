//! A domain that an app answers to.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use super::Fault;

/// A domain as Dokku accepts it: letters, digits, dots, hyphens and asterisks, no dot at its end; or `_`.
/// Kept as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DomainName(String);

impl DomainName {
    /// The domain as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DomainName {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'*' | b'-');
        let is_valid = text == "_" || (!text.is_empty() && text.bytes().all(inner) && !text.ends_with('.'));
        if is_valid {
            Ok(DomainName(text.to_owned()))
        } else {
            Err(Fault::new(format!("{text} is invalid. exiting...")))
        }
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for DomainName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// True when the text is an address rather than a name: no app gets a domain below it.
pub fn is_address(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_and_refuses_what_dokku_does() {
        for name in
            ["a", "www.test.app.example.com", "a--domain.with--hyphens", ".example.com", "_", "*.a.b", "A.b"]
        {
            assert!(name.parse::<DomainName>().is_ok(), "{name}");
        }
        for name in ["", "http://a.b", "a b", "a.", "a;b", "a_b", "a\nb", "fda5::1", "{"] {
            assert!(name.parse::<DomainName>().is_err(), "{name}");
        }
    }
}

//! A domain that an app answers to.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use super::{Fault, punycode};

/// The longest name that name servers take, and the longest part between two dots.
const LONGEST: usize = 253;
const LONGEST_LABEL: usize = 63;

/// A domain as Dokku accepts it: letters, digits, dots, hyphens and asterisks, no dot at its end; or `_`. Beyond
/// that, no part may be empty or too long for a name server, and an asterisk is the whole first or last part, as
/// nginx has it. Kept as it was typed.
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
        match fault(text) {
            None => Ok(DomainName(text.to_owned())),
            Some(hint) => Err(Fault::new(format!("{text} is invalid. exiting...")).hint(hint)),
        }
    }
}

/// What is wrong with a domain.
fn fault(text: &str) -> Option<String> {
    const LETTERS: &str =
        "a domain is letters, digits, hyphens and dots, such as www.example.com or *.example.com";
    if text == "_" {
        return None;
    }
    if !text.is_ascii() {
        return Some(match punycode::ascii(text).filter(|ascii| fault(ascii).is_none()) {
            Some(ascii) => format!("name servers know it as {ascii}"),
            None => LETTERS.to_owned(),
        });
    }
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'*' | b'-');
    if text.is_empty() || text == "." || !text.bytes().all(inner) {
        return Some(LETTERS.to_owned());
    }
    if text.ends_with('.') {
        return Some("leave the dot at its end out".to_owned());
    }
    if text.len() > LONGEST {
        return Some(format!("a domain has at most {LONGEST} characters"));
    }
    let labels: Vec<&str> = text.strip_prefix('.').unwrap_or(text).split('.').collect();
    if labels.iter().any(|label| label.is_empty() || label.len() > LONGEST_LABEL) {
        return Some(format!("between two dots stand 1 to {LONGEST_LABEL} characters"));
    }
    let is_outer = |at: usize| !text.starts_with('.') && (at == 0 || at + 1 == labels.len());
    let stars = labels.iter().enumerate().filter(|(_, label)| label.contains('*'));
    let is_wild =
        stars.clone().count() <= 1 && stars.clone().all(|(at, label)| *label == "*" && is_outer(at));
    (!is_wild).then(|| {
        "an asterisk is all of the first part or all of the last: *.example.com, www.example.*".to_owned()
    })
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

/// True when nobody could tell which of two domains is meant: some request would be for both alike. A wildcard and a
/// name below it are told apart, the name wins. `.example.com` means example.com and all names below it.
pub fn is_same_request(one: &str, other: &str) -> bool {
    let names = |domain: &str| -> Vec<String> {
        let domain = domain.to_ascii_lowercase();
        match domain.strip_prefix('.') {
            Some(rest) => vec![rest.to_owned(), format!("*.{rest}")],
            // nginx never finds it: apps use it to say that they have no name.
            None if domain == "_" => Vec::new(),
            None => vec![domain],
        }
    };
    let others = names(other);
    names(one).iter().any(|name| others.contains(name))
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

    #[test]
    fn what_no_server_could_serve_is_refused_with_a_way_out() {
        let long = format!("{}.com", "a".repeat(64));
        for (name, hint) in [
            ("a..b", "between two dots"),
            (long.as_str(), "1 to 63 characters"),
            (".", "a domain is letters"),
            ("a*.b", "an asterisk"),
            ("a.*.b", "an asterisk"),
            ("*.a.*", "an asterisk"),
            (".*.a", "an asterisk"),
            (".a.*", "an asterisk"),
            ("müller.example.com", "name servers know it as xn--mller-kva.example.com"),
            ("mü ller.de", "a domain is letters"),
        ] {
            let fault = name.parse::<DomainName>().expect_err(name);
            assert_eq!(fault.message, format!("{name} is invalid. exiting..."));
            assert!(fault.hints.iter().any(|one| one.contains(hint)), "{name}: {:?}", fault.hints);
        }
        for name in ["*", "*.a", "www.example.*", "xn--mller-kva.de"] {
            assert!(name.parse::<DomainName>().is_ok(), "{name}");
        }
    }

    #[test]
    fn only_what_cannot_be_told_apart_is_the_same() {
        for (one, other) in [("a.b", "A.b"), (".b", "b"), (".b", "*.b"), ("*.b", "*.b"), (".b", ".b")] {
            assert!(is_same_request(one, other) && is_same_request(other, one), "{one} {other}");
        }
        for (one, other) in [("*.b", "a.b"), (".b", "a.b"), ("_", "_"), ("a.b", "b"), ("*.b", "b")] {
            assert!(!is_same_request(one, other) && !is_same_request(other, one), "{one} {other}");
        }
    }
}

//! When and from where a key may be used: `from=`, `expiry-time=`, `restrict`, `no-pty`.

use std::net::IpAddr;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::options::KeyOption;
use crate::model::{Fault, Outcome};

/// The limits that a line of `authorized_keys` sets on its key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    /// Patterns of addresses (`from=`); `None` admits all.
    from: Option<Vec<String>>,
    /// The moment from which on the key is refused (`expiry-time=`).
    expires: Option<Timestamp>,
    /// No terminal for this key (`restrict`, `no-pty`).
    pub no_terminal: bool,
}

/// Who knocks: the facts that conditions are checked against.
#[derive(Clone, Copy, Debug)]
pub struct Visitor {
    /// The client's address.
    pub address: IpAddr,
    /// The time now.
    pub now: Timestamp,
}

impl Conditions {
    /// Reads the limits from a line's options.
    ///
    /// Options that speak of things this server never does (forwarding, rc files, the client's
    /// environment) are accepted and without effect.
    ///
    /// # Errors
    /// An option that is not known: what it was meant to forbid is not known either, so the line is refused.
    pub fn from_options(options: &[KeyOption]) -> Outcome<Self> {
        let mut conditions = Conditions::default();
        for option in options {
            let value = option.value.as_deref();
            match (option.name.to_ascii_lowercase().as_str(), value) {
                ("from", Some(patterns)) => {
                    conditions.from = Some(patterns.split(',').map(|one| one.trim().to_owned()).collect());
                }
                ("expiry-time", Some(text)) => conditions.expires = Some(parse_moment(text)?),
                ("restrict" | "no-pty", None) => conditions.no_terminal = true,
                ("pty", None) => conditions.no_terminal = false,
                ("command" | "environment" | "permitopen" | "permitlisten" | "tunnel", Some(_)) => {}
                (
                    "no-agent-forwarding"
                    | "no-port-forwarding"
                    | "no-user-rc"
                    | "no-x11-forwarding"
                    | "agent-forwarding"
                    | "port-forwarding"
                    | "user-rc"
                    | "x11-forwarding",
                    None,
                ) => {}
                _ => return Err(Fault::new(format!("unknown option {}", option.name))),
            }
        }
        Ok(conditions)
    }

    /// Why the visitor may not use the key now; `None` when nothing stands against it.
    pub fn refusal(&self, visitor: &Visitor) -> Option<String> {
        if self.expires.is_some_and(|moment| visitor.now >= moment) {
            return Some("the key has expired".to_owned());
        }
        let patterns = self.from.as_ref()?;
        if admits(patterns, visitor.address) {
            return None;
        }
        Some(format!("the key may not be used from {}", visitor.address))
    }
}

/// A pattern list of OpenSSH: any match admits, a match of a `!` pattern refuses whatever else matches.
/// Host names are not looked up, so only addresses, networks and wildcards over addresses match.
fn admits(patterns: &[String], address: IpAddr) -> bool {
    let mut admitted = false;
    for pattern in patterns {
        match pattern.strip_prefix('!') {
            Some(refused) if matches(refused, address) => return false,
            Some(_) => {}
            None => admitted |= matches(pattern, address),
        }
    }
    admitted
}

fn matches(pattern: &str, address: IpAddr) -> bool {
    if let Some((network, length)) = pattern.split_once('/') {
        let (Ok(network), Ok(length)) = (network.parse::<IpAddr>(), length.parse::<u32>()) else {
            return false;
        };
        return in_network(network, length, address);
    }
    wildcard(pattern.as_bytes(), address.to_string().as_bytes())
}

fn in_network(network: IpAddr, length: u32, address: IpAddr) -> bool {
    match (network, address) {
        (IpAddr::V4(network), IpAddr::V4(address)) if length <= 32 => {
            let shift = 32 - length;
            u32::from(network).checked_shr(shift).unwrap_or(0)
                == u32::from(address).checked_shr(shift).unwrap_or(0)
        }
        (IpAddr::V6(network), IpAddr::V6(address)) if length <= 128 => {
            let shift = 128 - length;
            u128::from(network).checked_shr(shift).unwrap_or(0)
                == u128::from(address).checked_shr(shift).unwrap_or(0)
        }
        _ => false,
    }
}

fn wildcard(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.first(), text.first()) {
        (None, None) => true,
        (Some(b'*'), _) => {
            wildcard(&pattern[1..], text) || (!text.is_empty() && wildcard(pattern, &text[1..]))
        }
        (Some(b'?'), Some(_)) => wildcard(&pattern[1..], &text[1..]),
        (Some(one), Some(other)) => one == other && wildcard(&pattern[1..], &text[1..]),
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// `YYYYMMDD[HHMM[SS]]`, with or without a final `Z`. The appliance's time zone is UTC, so both mean the same.
fn parse_moment(text: &str) -> Outcome<Timestamp> {
    let wrong = || Fault::new(format!("expiry-time {text} is not YYYYMMDD[HHMM[SS]][Z]"));
    let digits = text.strip_suffix('Z').unwrap_or(text);
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) || !matches!(digits.len(), 8 | 12 | 14) {
        return Err(wrong());
    }
    let number = |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse::<i8>().ok());
    let year = digits[..4].parse::<i16>().map_err(|_| wrong())?;
    let (Some(month), Some(day)) = (number(4, 6), number(6, 8)) else { return Err(wrong()) };
    let (hour, minute, second) =
        (number(8, 10).unwrap_or(0), number(10, 12).unwrap_or(0), number(12, 14).unwrap_or(0));
    DateTime::new(year, month, day, hour, minute, second, 0)
        .and_then(|moment| moment.to_zoned(TimeZone::UTC))
        .map(|moment| moment.timestamp())
        .map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::super::options;
    use super::*;

    fn refusal(list: &str, address: &str, now: &str) -> Option<String> {
        let conditions = Conditions::from_options(&options::parse(list).unwrap()).unwrap();
        conditions.refusal(&Visitor { address: address.parse().unwrap(), now: now.parse().unwrap() })
    }

    const NOW: &str = "2026-05-01T12:00:00Z";

    #[test]
    fn from_knows_addresses_networks_wildcards_and_exceptions() {
        for (patterns, address, admitted) in [
            ("192.0.2.7", "192.0.2.7", true),
            ("192.0.2.7", "192.0.2.8", false),
            ("192.0.2.*", "192.0.2.8", true),
            ("192.0.2.?", "192.0.2.88", false),
            ("192.0.2.0/24,!192.0.2.9", "192.0.2.9", false),
            ("192.0.2.0/24,!192.0.2.9", "192.0.2.10", true),
            ("0.0.0.0/0", "8.8.8.8", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("2001:db8::/32", "2001:db8::1", true),
            ("*", "2001:db8::1", true),
            ("!192.0.2.9", "192.0.2.10", false),
            ("office.example.com", "192.0.2.7", false),
        ] {
            let found = refusal(&format!("from=\"{patterns}\""), address, NOW);
            assert_eq!(found.is_none(), admitted, "{patterns} {address}");
        }
    }

    #[test]
    fn a_key_expires_at_its_moment() {
        for (moment, admitted) in [
            ("20260501", false),
            ("20260502", true),
            ("202605011200", false),
            ("202605011201Z", true),
            ("20260501120001", true),
        ] {
            let found = refusal(&format!("expiry-time=\"{moment}\""), "192.0.2.7", NOW);
            assert_eq!(found.is_none(), admitted, "{moment}");
        }
    }

    #[test]
    fn restrict_takes_the_terminal_and_pty_gives_it_back() {
        let terminal =
            |list: &str| !Conditions::from_options(&options::parse(list).unwrap()).unwrap().no_terminal;
        assert!(!terminal("restrict"));
        assert!(!terminal("no-pty,no-port-forwarding"));
        assert!(terminal("restrict,pty"));
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for list in [
            "no-shell",
            "cert-authority",
            "principals=\"a\"",
            "expiry-time=\"soon\"",
            "from",
            "restrict=\"x\"",
        ] {
            assert!(Conditions::from_options(&options::parse(list).unwrap()).is_err(), "{list}");
        }
    }
}

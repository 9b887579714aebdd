//! The forms of a git address.

use std::path::{Path, PathBuf};

use super::login::Login;
use crate::model::{Fault, Outcome};

/// Where a repository is.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::platform::git::clone) enum Address {
    Http(HttpAddress),
    Ssh(SshAddress),
    Daemon(HostAddress),
    Local(PathBuf),
}

/// `https://USER:PASSWORD@HOST:PORT/PATH`.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::platform::git::clone) struct HttpAddress {
    /// The address without the login, and without a slash at its end.
    pub base: String,
    /// The host alone, in lower case.
    pub host: String,
    pub is_secure: bool,
    pub login: Option<Login>,
}

/// A repository behind the `ssh` program.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::platform::git::clone) struct SshAddress {
    /// `USER@HOST` or `HOST`.
    pub host: String,
    pub port: Option<u16>,
    pub path: String,
}

/// A repository behind a git daemon.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::platform::git::clone) struct HostAddress {
    pub host: String,
    pub port: u16,
    pub path: String,
}

/// The port of a git daemon.
const DAEMON_PORT: u16 = 9418;

impl Address {
    /// Reads an address in any of git's forms.
    pub(in crate::platform::git::clone) fn parse(text: &str) -> Outcome<Self> {
        let bad = |why: &str| Fault::new(format!("'{}' is not a git address: {why}", without_login(text)));
        if text.is_empty() || text.contains(char::is_control) {
            return Err(bad("it is empty, or has control characters in it"));
        }
        let Some((scheme, rest)) = text.split_once("://") else { return Ok(Address::without_scheme(text)) };
        let scheme = scheme.to_ascii_lowercase();
        if scheme == "file" {
            let path = rest.strip_prefix("localhost").unwrap_or(rest);
            return if path.starts_with('/') {
                Ok(Address::Local(PathBuf::from(decoded(path))))
            } else {
                Err(bad("a file:// address has an absolute path"))
            };
        }
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (login, host_and_port) =
            authority.rsplit_once('@').map_or((None, authority), |(a, b)| (Some(a), b));
        let (host, port) = host_and_port_of(host_and_port).ok_or_else(|| bad("its port is no number"))?;
        if host.is_empty() || host.starts_with('-') {
            return Err(bad("it names no host"));
        }
        match scheme.as_str() {
            "http" | "https" => Ok(Address::Http(HttpAddress {
                base: format!("{scheme}://{host_and_port}{}", path.trim_end_matches('/')),
                host: host.to_ascii_lowercase(),
                is_secure: scheme == "https",
                login: login.map(Login::of_address),
            })),
            "ssh" | "git+ssh" | "ssh+git" => {
                let user = login.map(|login| login.split(':').next().unwrap_or_default());
                let host = user.map_or(host.to_owned(), |user| format!("{}@{host}", decoded(user)));
                let path = decoded(path.strip_prefix("/~").map_or(path, |_| &path[1..]));
                Address::ssh(host, port, path)
                    .ok_or_else(|| bad("it needs a path, and neither user nor path may begin with a dash"))
            }
            "git" => {
                let port = port.unwrap_or(DAEMON_PORT);
                Ok(Address::Daemon(HostAddress { host: host.to_owned(), port, path: decoded(path) }))
            }
            _ => Err(bad(&format!("{scheme}:// is not supported"))
                .hint("Supported: https://, http://, ssh://, git://, file://, USER@HOST:PATH, and paths")),
        }
    }

    /// `HOST:PATH` when a colon comes before any slash, else a path.
    fn without_scheme(text: &str) -> Self {
        let colon = text.find(':').filter(|at| !text[..*at].contains('/') && *at > 0);
        let ssh = colon
            .filter(|_| !Path::new(text).exists())
            // `NAME::ADDRESS` asks git for a helper program of that name; no host is meant.
            .filter(|at| !text[at + 1..].starts_with(':'))
            .and_then(|at| Address::ssh(text[..at].to_owned(), None, text[at + 1..].to_owned()));
        ssh.unwrap_or_else(|| Address::Local(PathBuf::from(text)))
    }

    /// What begins with a dash would be an option of ssh, or of the program at the other end; the root is no repository.
    fn ssh(host: String, port: Option<u16>, path: String) -> Option<Self> {
        let names_one = !path.trim_matches('/').is_empty();
        let is_fine = names_one && !host.starts_with('-') && !path.starts_with('-');
        is_fine.then_some(Address::Ssh(SshAddress { host, port, path }))
    }
}

/// The address as it may be shown and logged.
pub fn without_login(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    match authority.rsplit_once('@') {
        Some((login, host)) if login.contains(':') || scheme.starts_with("http") => {
            format!("{scheme}://{host}{path}")
        }
        Some(_) | None => text.to_owned(),
    }
}

/// Splits `HOST:PORT`; a host may be an IPv6 address in brackets. `None` when the port is no number.
fn host_and_port_of(text: &str) -> Option<(&str, Option<u16>)> {
    if let Some((host, rest)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return match rest.strip_prefix(':') {
            Some(port) => Some((host, Some(port.parse().ok()?))),
            None => rest.is_empty().then_some((host, None)),
        };
    }
    match text.split_once(':') {
        Some((host, "")) => Some((host, None)),
        Some((host, port)) => Some((host, Some(port.parse().ok()?))),
        None => Some((text, None)),
    }
}

/// Takes percent signs away; what is no hexadecimal number stays.
pub(super) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let digits = tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.filter(|_| *first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ssh(host: &str, port: Option<u16>, path: &str) -> Address {
        Address::Ssh(SshAddress { host: host.into(), port, path: path.into() })
    }

    #[test]
    fn every_form_is_read() {
        for (text, expected) in [
            ("git@example.com:a/b.git", ssh("git@example.com", None, "a/b.git")),
            ("ssh://git@example.com:2222/a/b", ssh("git@example.com", Some(2222), "/a/b")),
            ("ssh://example.com/~me/b", ssh("example.com", None, "~me/b")),
            ("/srv/a:b", Address::Local("/srv/a:b".into())),
            ("./a", Address::Local("./a".into())),
            ("file:///srv/a%20b", Address::Local("/srv/a b".into())),
            (
                "git://[::1]:99/a",
                Address::Daemon(HostAddress { host: "::1".into(), port: 99, path: "/a".into() }),
            ),
        ] {
            assert_eq!(Address::parse(text).expect("an address"), expected, "{text}");
        }
        let Address::Http(http) = Address::parse("https://me:p%40ss@Example.com/a/").expect("an address")
        else {
            panic!("not http")
        };
        assert_eq!((http.base.as_str(), http.host.as_str()), ("https://Example.com/a", "example.com"));
        assert_eq!(http.login.map(|login| login.password).as_deref(), Some("p@ss"));
    }

    #[test]
    fn what_would_be_an_option_or_runs_a_program_is_refused() {
        for bad in
            ["", "ext::sh -c x", "ftp://a/b", "ssh://-oProxyCommand=x/a", "ssh://a/", "http://a:x/", "a\nb"]
        {
            let parsed = Address::parse(bad);
            assert!(!matches!(parsed, Ok(Address::Ssh(_) | Address::Http(_))), "{bad}: {parsed:?}");
        }
        assert!(!matches!(Address::parse("-oProxyCommand=x:a"), Ok(Address::Ssh(_))));
        assert!(!matches!(Address::parse("host:-x"), Ok(Address::Ssh(_))));
    }

    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(without_login("https://me:secret@h/a"), "https://h/a");
        assert_eq!(without_login("https://token@h/a"), "https://h/a");
        assert_eq!(without_login("ssh://git@h/a"), "ssh://git@h/a");
        let fault = Address::parse("ftp://me:secret@h/a").expect_err("not supported");
        assert!(!fault.message.contains("secret"), "{}", fault.message);
    }
}

//! Names and passwords for http: from the address, or from `~/.netrc`.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::address::decoded;
use crate::model::Outcome;
use crate::platform::env::Env;
use crate::platform::files;

/// A name with its password.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::platform::git::clone) struct Login {
    pub user: String,
    pub password: String,
}

impl Login {
    /// Reads `USER:PASSWORD` as it stands in an address.
    pub(super) fn of_address(text: &str) -> Self {
        let (user, password) = text.split_once(':').unwrap_or((text, ""));
        Login { user: decoded(user), password: decoded(password) }
    }

    /// The one that `.netrc` in the home folder has for this host; `None` when it has none.
    pub(super) fn of_netrc(env: &Env, host: &str) -> Outcome<Option<Self>> {
        let Some(home) = env.get("HOME") else { return Ok(None) };
        let text = files::read_text(&Path::new(home).join(".netrc"))?;
        Ok(text.and_then(|text| find(&text, host)))
    }

    /// The value of an `Authorization` header.
    pub(super) fn header(&self) -> String {
        format!("Basic {}", STANDARD.encode(format!("{}:{}", self.user, self.password)))
    }
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Login").field("user", &self.user).finish_non_exhaustive()
    }
}

/// The first entry for the host, or the default one. Words stand on one line or on several.
fn find(text: &str, host: &str) -> Option<Login> {
    let mut words = text.lines().flat_map(words_of);
    let (mut is_ours, mut login) = (false, Login { user: String::new(), password: String::new() });
    let is_whole = |login: &Login| !login.user.is_empty() && !login.password.is_empty();
    while let Some(word) = words.next() {
        match word {
            "machine" | "default" if is_ours && is_whole(&login) => return Some(login),
            "machine" => is_ours = words.next().is_some_and(|name| name.eq_ignore_ascii_case(host)),
            "default" => is_ours = true,
            "login" if is_ours => login.user = words.next().unwrap_or_default().to_owned(),
            "password" if is_ours => login.password = words.next().unwrap_or_default().to_owned(),
            _ => {}
        }
    }
    (is_ours && is_whole(&login)).then_some(login)
}

/// The words of a line; a comment begins with a word that begins with `#`, except where a password does.
fn words_of(line: &str) -> impl Iterator<Item = &str> {
    let mut before = "";
    line.split_whitespace().take_while(move |word| {
        let goes_on = !word.starts_with('#') || before == "password";
        before = word;
        goes_on
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str, host: &str) -> Option<String> {
        find(text, host).map(|login| login.password)
    }

    #[test]
    fn the_entry_of_the_host_is_found_and_no_other() {
        let text = "# mine\nmachine a.example login me password #one\nmachine b.example\n\tlogin you\n\tpassword two\n";
        assert_eq!(password(text, "A.example").as_deref(), Some("#one"));
        assert_eq!(password(text, "b.example").as_deref(), Some("two"));
        assert_eq!(password(text, "c.example"), None);
        assert_eq!(password(&format!("{text}default login x password y"), "c.example").as_deref(), Some("y"));
        assert_eq!(password("machine a.example login me", "a.example"), None);
    }
}

//! A `.netrc`: logins by machine. What is not changed keeps its bytes, comments and macros included.

/// The name under which the entry without a name, `default`, is found.
pub const DEFAULT: &str = "default";

/// A word of the file, with the white space and comments before it.
#[derive(Clone, Debug)]
struct Token {
    before: String,
    text: String,
}

/// The whole file.
#[derive(Clone, Debug, Default)]
pub struct Netrc {
    tokens: Vec<Token>,
    /// What follows the last word.
    tail: String,
}

impl Netrc {
    /// Reads a file. There is no text that is none.
    pub fn parse(text: &str) -> Self {
        let mut netrc = Netrc::default();
        let mut rest = text;
        loop {
            let before = blank(rest, netrc.tokens.is_empty());
            let (space, words) = rest.split_at(before);
            if words.is_empty() {
                space.clone_into(&mut netrc.tail);
                return netrc;
            }
            // A macro goes on to the next empty line.
            let end = match words.starts_with("macdef") {
                true => words.find("\n\n").unwrap_or(words.trim_end().len()),
                false => words.find(char::is_whitespace).unwrap_or(words.len()),
            };
            netrc.tokens.push(Token { before: space.to_owned(), text: words[..end].to_owned() });
            rest = &words[end..];
        }
    }

    /// The file as text.
    pub fn print(&self) -> String {
        let words: String =
            self.tokens.iter().map(|token| format!("{}{}", token.before, token.text)).collect();
        format!("{words}{}", self.tail)
    }

    /// The machines in order; the entry for all others bears the name [`DEFAULT`].
    pub fn machines(&self) -> Vec<&str> {
        self.heads().map(|(_, name)| name).collect()
    }

    /// True when it has that machine.
    pub fn has(&self, machine: &str) -> bool {
        self.range(machine).is_some()
    }

    /// A field of a machine: `login`, `password`, `account`. Nothing where it is not said.
    pub fn get(&self, machine: &str, field: &str) -> &str {
        self.value(machine, field).map_or("", |at| self.tokens[at].text.as_str())
    }

    /// Says a field of a machine, which is added if need be.
    ///
    /// # Errors
    /// A value with white space, for which the format has no form.
    pub fn set(&mut self, machine: &str, field: &str, value: &str) -> Result<(), String> {
        if value.contains(char::is_whitespace) || machine.contains(char::is_whitespace) {
            return Err(format!("a {field} with white space has no form in this file"));
        }
        if !self.has(machine) {
            self.add(machine);
        }
        let token = |before: &str, text: &str| Token { before: before.to_owned(), text: text.to_owned() };
        match (self.value(machine, field), value.is_empty()) {
            (Some(at), false) => value.clone_into(&mut self.tokens[at].text),
            (Some(at), true) => drop(self.tokens.drain(at - 1..=at)),
            (None, true) => {}
            (None, false) => {
                let end = self.range(machine).map_or(self.tokens.len(), |range| range.end);
                self.tokens.splice(end..end, [token("\n  ", field), token(" ", value)]);
            }
        }
        Ok(())
    }

    /// Forgets a machine; nothing happens where there is none.
    pub fn remove(&mut self, machine: &str) {
        let Some(range) = self.range(machine) else { return };
        let is_first = range.start == 0;
        self.tokens.drain(range);
        if let Some(first) = self.tokens.first_mut().filter(|_| is_first) {
            first.before = first.before.trim_start_matches('\n').to_owned();
        }
        if self.tokens.is_empty() {
            self.tail = self.tail.trim_start_matches('\n').to_owned();
        }
    }

    fn add(&mut self, machine: &str) {
        let mut before = std::mem::replace(&mut self.tail, "\n".to_owned());
        if !before.contains('\n') && !self.tokens.is_empty() {
            before.push('\n');
        }
        match machine {
            DEFAULT => self.tokens.push(Token { before, text: DEFAULT.to_owned() }),
            name => self.tokens.extend([
                Token { before, text: "machine".to_owned() },
                Token { before: " ".to_owned(), text: name.to_owned() },
            ]),
        }
    }

    /// Where each entry begins, and its name. A value that reads like a word of the format is a value.
    fn heads(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut at = 0;
        std::iter::from_fn(move || {
            loop {
                let here = at;
                let word = self.tokens.get(here)?.text.as_str();
                at += if word == DEFAULT || word.starts_with("macdef") { 1 } else { 2 };
                match word {
                    DEFAULT => return Some((here, DEFAULT)),
                    "machine" => return self.tokens.get(here + 1).map(|name| (here, name.text.as_str())),
                    _ => {}
                }
            }
        })
    }

    fn range(&self, machine: &str) -> Option<std::ops::Range<usize>> {
        let start = self.heads().find(|(_, name)| *name == machine)?.0;
        let next = self.heads().map(|(at, _)| at).find(|&at| at > start);
        let end = next.unwrap_or(self.tokens.len());
        // Macros stand behind the entry they belong to no more than comments do.
        let is_macro = |token: &Token| token.text.starts_with("macdef");
        let macros = self.tokens[start..end].iter().rev().take_while(|token| is_macro(token)).count();
        Some(start..end - macros)
    }

    fn value(&self, machine: &str, field: &str) -> Option<usize> {
        let range = self.range(machine)?;
        let first = range.start + if machine == DEFAULT { 1 } else { 2 };
        (first..range.end)
            .step_by(2)
            .find(|&at| self.tokens[at].text == field)
            .map(|at| at + 1)
            .filter(|&at| at < range.end)
    }
}

/// How many bytes of white space and comments the text begins with. A comment begins a line.
fn blank(text: &str, is_start: bool) -> usize {
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let space = rest.len() - rest.trim_start().len();
        let begins_line = rest[..space].contains('\n') || (is_start && at == 0) || text[..at].ends_with('\n');
        at += space;
        match begins_line && text[at..].starts_with('#') {
            true => at += text[at..].find('\n').map_or(text.len() - at, |end| end + 1),
            false => return at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str =
        "# mine\nmachine a.org login me password pa#ss\n\nmachine b.org\n  login you\n  password machine\n";

    #[test]
    fn what_is_not_changed_keeps_its_bytes() {
        for text in ["", "\n", FILE, "default login x password y", "macdef init\ncd /\n\nmachine c login d\n"]
        {
            assert_eq!(Netrc::parse(text).print(), text);
        }
        let mut netrc = Netrc::parse(FILE);
        assert_eq!(netrc.machines(), ["a.org", "b.org"]);
        assert_eq!((netrc.get("a.org", "password"), netrc.get("b.org", "password")), ("pa#ss", "machine"));
        netrc.set("a.org", "password", "new").unwrap();
        assert_eq!(netrc.print(), FILE.replace("pa#ss", "new"));
    }

    #[test]
    fn machines_come_and_go() {
        let mut netrc = Netrc::default();
        netrc.set("a.org", "login", "me").unwrap();
        netrc.set("a.org", "password", "secret").unwrap();
        let one = "machine a.org\n  login me\n  password secret\n";
        assert_eq!(netrc.print(), one);
        netrc.set("b.org", "login", "you").unwrap();
        netrc.set("b.org", "account", "x").unwrap();
        assert_eq!(netrc.print(), format!("{one}machine b.org\n  login you\n  account x\n"));
        netrc.set("b.org", "account", "").unwrap();
        netrc.remove("a.org");
        assert_eq!(netrc.print(), "machine b.org\n  login you\n");
        netrc.remove("b.org");
        assert_eq!(netrc.print(), "");
        assert!(netrc.set("c.org", "password", "two words").is_err());
        netrc.set("default", "login", "any").unwrap();
        assert_eq!(
            (netrc.print().as_str(), netrc.get("default", "login")),
            ("default\n  login any\n", "any")
        );
    }
}

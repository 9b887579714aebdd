//! `${NAME}` and its kin, as a POSIX shell expands them: what sigil does before the template with `-p`.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::Chars;

/// How deeply one expansion may stand in another.
const DEEPEST: usize = 50;

/// Expands all of a text. `${NAME=word}` sets the variable.
///
/// # Errors
/// When `${NAME?word}` has no value, or a brace is not closed.
pub fn expand(text: &str, env: &mut BTreeMap<String, String>) -> Result<String, String> {
    Expansion { letters: text.chars().peekable(), env, depth: 0, is_quoted: false }.text(true)
}

struct Expansion<'a> {
    letters: Peekable<Chars<'a>>,
    env: &'a mut BTreeMap<String, String>,
    depth: usize,
    is_quoted: bool,
}

fn open(sign: char) -> String {
    format!("unexpected EOF while looking for matching `{sign}'")
}

impl Expansion<'_> {
    /// Up to the end, or inside of braces up to the closing one. What is not live is read and not evaluated.
    fn text(&mut self, is_live: bool) -> Result<String, String> {
        let is_inside = self.depth > 0;
        let mut out = String::new();
        while let Some(letter) = self.letters.next() {
            match letter {
                '}' if is_inside => return Ok(out),
                '$' => out.push_str(&self.expansion(is_live)?),
                '\'' if is_inside => loop {
                    match self.letters.next() {
                        Some('\'') => break,
                        Some(quoted) => out.push(quoted),
                        None => return Err(open('\'')),
                    }
                },
                '"' if is_inside => self.is_quoted = !self.is_quoted,
                '\\' => self.escape(is_inside, &mut out),
                other => out.push(other),
            }
        }
        if is_inside { Err(open('}')) } else { Ok(out) }
    }

    fn escape(&mut self, is_inside: bool, out: &mut String) {
        let escaped = self.letters.next();
        let is_special = |letters: &str| escaped.is_some_and(|letter| letters.contains(letter));
        if (!is_inside && !is_special("$")) || (self.is_quoted && !is_special("$`\"\\")) {
            out.push('\\');
        }
        out.extend(escaped);
    }

    fn expansion(&mut self, is_live: bool) -> Result<String, String> {
        match self.letters.peek() {
            Some('{') => {
                self.letters.next();
                self.depth += 1;
                if self.depth > DEEPEST {
                    return Err(format!("expansions nest deeper than {DEEPEST} levels"));
                }
                let value = self.braced(is_live);
                self.depth -= 1;
                value
            }
            Some(first) if *first == '_' || first.is_ascii_alphabetic() => {
                let mut name = String::new();
                while let Some(next) =
                    self.letters.next_if(|next| *next == '_' || next.is_ascii_alphanumeric())
                {
                    name.push(next);
                }
                Ok(self.env.get(&name).cloned().unwrap_or_default())
            }
            Some(_) | None => Ok("$".to_owned()),
        }
    }

    fn braced(&mut self, is_live: bool) -> Result<String, String> {
        let wants_length = self.letters.next_if_eq(&'#').is_some();
        let mut name = String::new();
        while let Some(next) =
            self.letters.next_if(|next| wants_length && *next != '}' || !"}:-?+=".contains(*next))
        {
            name.push(next);
        }
        let value = self.env.get(&name).cloned();
        let mut operator = self.letters.next().ok_or_else(|| open('}'))?;
        if operator == '}' {
            let value = value.unwrap_or_default();
            return Ok(if wants_length { value.len().to_string() } else { value });
        }
        let empty_counts = operator != ':';
        if !empty_counts {
            operator = self.letters.next().ok_or_else(|| open('}'))?;
        }
        let value = value.filter(|value| empty_counts || !value.is_empty());
        if operator == '+' {
            let word = self.text(is_live && value.is_some())?;
            return Ok(if value.is_some() { word } else { String::new() });
        }
        let word = self.text(is_live && value.is_none())?;
        match (value, operator) {
            (Some(value), _) => Ok(value),
            (None, '-') => Ok(word),
            (None, '=') => {
                if is_live {
                    self.env.insert(name, word.clone());
                }
                Ok(word)
            }
            (None, '?') if !is_live => Ok(word),
            (None, '?') if word.is_empty() => Err(format!("{name}: parameter null or not set")),
            (None, '?') => Err(word),
            (None, other) => Err(format!("unexpected op: {other}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dollar_before_anything_else_stays() {
        let mut env = BTreeMap::from([("A".to_owned(), "x".to_owned())]);
        assert_eq!(expand("$5 $$ ${A}$", &mut env), Ok("$5 $$ x$".to_owned()));
    }

    #[test]
    fn what_is_not_chosen_sets_nothing_and_what_follows_stays() {
        let mut env = BTreeMap::from([("A".to_owned(), "x".to_owned())]);
        assert_eq!(expand("${A:-${B:=y}}${B+no} end", &mut env), Ok("x end".to_owned()));
        assert!(!env.contains_key("B"));
    }
}

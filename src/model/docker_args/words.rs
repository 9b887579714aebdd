//! Options as words, cut the way the docker client cuts them.

use std::borrow::Cow;

use crate::model::{Fault, Outcome};

/// Splits a line as a shell does: `--label 'a=b c'` is two words.
///
/// # Errors
/// A quote that does not end.
pub fn split_words(line: &str) -> Outcome<Vec<String>> {
    shell_words::split(line).map_err(|error| {
        Fault::new(format!("the docker options {line} cannot be split into words: {error}"))
            .hint("a quote is opened and not closed")
    })
}

/// The options in a line, each with the words up to the next one: `--link a -v /b:/c` are two. Words before the
/// first option stand alone.
///
/// # Errors
/// A quote that does not end.
pub fn options_of(line: &str) -> Outcome<Vec<Vec<String>>> {
    let mut options: Vec<Vec<String>> = Vec::new();
    for word in split_words(line)? {
        let begins = word.len() > 1 && word.starts_with('-');
        match options.last_mut() {
            Some(option) if !begins => option.push(word),
            Some(_) | None => options.push(vec![word]),
        }
    }
    Ok(options)
}

/// Words as a line that [`split_words`] reads back.
pub fn join_words(words: &[String]) -> String {
    words.iter().map(|word| quote(word)).collect::<Vec<_>>().join(" ")
}

/// A word as a shell reads it back: in quotes where it must be.
pub fn quote(word: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-=:,./@%+".contains(&byte);
    if !word.is_empty() && word.bytes().all(is_plain) {
        Cow::Borrowed(word)
    } else {
        shell_words::quote(word)
    }
}

/// One option as it was typed.
pub struct Typed<'a> {
    /// `--memory` or `-m`.
    pub name: &'a str,
    /// What stood behind `=`, or behind a short name.
    pub inline: Option<&'a str>,
    /// True where `inline` might be further short switches: `-it`.
    pub is_cluster: bool,
}

/// Cuts `--name=value`, `-n=value`, `-nvalue`; none for a word that is no option.
pub fn cut(word: &str) -> Option<Typed<'_>> {
    if let Some(long) = word.strip_prefix("--") {
        let end = long.find('=').map_or(word.len(), |at| at + 2);
        let inline = word.get(end + 1..);
        return (!long.is_empty()).then_some(Typed { name: &word[..end], inline, is_cluster: false });
    }
    let first = word.strip_prefix('-')?.chars().next()?;
    let end = 1 + first.len_utf8();
    let rest = &word[end..];
    let (inline, is_cluster) = match rest.strip_prefix('=') {
        Some(value) => (Some(value), false),
        None => ((!rest.is_empty()).then_some(rest), true),
    };
    Some(Typed { name: &word[..end], inline, is_cluster })
}

/// The parts of `a=b,"c=d,e"`: quotes keep commas, as in a CSV line.
pub fn csv(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => parts.push(String::new()),
            c => parts.last_mut().expect("it began with one").push(c),
        }
    }
    parts
}

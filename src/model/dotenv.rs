//! The ENV file format: `KEY="value"` lines.

use std::collections::BTreeMap;
use std::fmt::Write;

/// True when the text can name a variable: `^[a-zA-Z_][a-zA-Z0-9_]*$`.
pub fn is_key(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Reads the format. Understands what people and older releases wrote too: `export `, single quotes,
/// no quotes, comments, values over several lines. Lines that are no assignment and bad keys are left out.
pub fn parse(text: &str) -> BTreeMap<String, String> {
    read(text).0
}

/// Reads the format as [`parse`] does. Names what is assigned to that can be no variable, too.
pub fn read(text: &str) -> (BTreeMap<String, String>, Vec<String>) {
    let (mut variables, mut bad) = (BTreeMap::new(), Vec::new());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| !c.is_whitespace()) {
        rest = &rest[start..];
        let line_end = rest.find('\n').unwrap_or(rest.len());
        let line = &rest[..line_end];
        let Some(equals) = line.find('=').filter(|_| !line.starts_with('#')) else {
            rest = &rest[line_end..];
            continue;
        };
        let key = line[..equals].trim();
        let key = key.strip_prefix("export ").map_or(key, str::trim);
        let (value, used) = value(rest[equals + 1..].trim_start_matches([' ', '\t']));
        if is_key(key) {
            variables.insert(key.to_owned(), value);
        } else {
            bad.push(key.to_owned());
        }
        let skipped = rest.len() - equals - 1 - rest[equals + 1..].trim_start_matches([' ', '\t']).len();
        rest = &rest[equals + 1 + (skipped) + used..];
    }
    (variables, bad)
}

/// The value that the text begins with, and how many bytes of the text it took.
fn value(text: &str) -> (String, usize) {
    match text.chars().next() {
        Some('"') => double_quoted(&text[1..]).map_or_else(|| bare(text), |(value, used)| (value, used + 1)),
        Some('\'') => single_quoted(text).unwrap_or_else(|| bare(text)),
        _ => bare(text),
    }
}

/// As a shell reads it: `'it'\''s'` is one value.
fn single_quoted(text: &str) -> Option<(String, usize)> {
    const QUOTE: &str = r"\'";
    let (mut value, mut used) = (String::new(), 0);
    loop {
        let inner = text[used..].strip_prefix('\'')?;
        let end = inner.find('\'')?;
        value.push_str(&inner[..end]);
        used += end + 2;
        match text[used..].strip_prefix(QUOTE) {
            Some(rest) if rest.starts_with('\'') => {
                value.push('\'');
                used += QUOTE.len();
            }
            Some(_) | None => return Some((value, used)),
        }
    }
}

fn bare(text: &str) -> (String, usize) {
    let line = &text[..text.find('\n').unwrap_or(text.len())];
    let value = line.find(" #").map_or(line, |comment| &line[..comment]);
    (value.trim().to_owned(), line.len())
}

fn double_quoted(text: &str) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, at + 1)),
            '\\' => match chars.next()?.1 {
                'n' => value.push('\n'),
                'r' => value.push('\r'),
                other => value.push(other),
            },
            other => value.push(other),
        }
    }
    None
}

/// Writes the format: sorted by key, double quotes, escapes; integers without quotes.
pub fn print(variables: &BTreeMap<String, String>) -> String {
    let mut text = String::new();
    for (key, value) in variables {
        let is_integer = value.parse::<i64>().is_ok_and(|number| number.to_string() == *value);
        let quoted = if is_integer { value.clone() } else { format!("\"{}\"", escape(value)) };
        let _ = writeln!(text, "{key}={quoted}");
    }
    text
}

/// A value as it stands between the double quotes.
pub fn escape(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '"' | '\\' | '$' | '!' | '`' => {
                escaped.push('\\');
                escaped.push(c);
            }
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let variables: BTreeMap<_, _> = [
            ("A", "plain"),
            ("B", "two\nlines\r\n"),
            ("C", "\"quotes\" and \\ and $HOME and `ls` and !"),
            ("D", "42"),
            ("E", "042"),
            ("F", ""),
            ("G", "a=b # no comment"),
            ("_H", "ünï"),
        ]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
        assert_eq!(parse(&print(&variables)), variables);
    }

    #[test]
    fn integers_stand_without_quotes() {
        let variables = [("A".to_owned(), "1".to_owned()), ("B".to_owned(), "x".to_owned())].into();
        assert_eq!(print(&variables), "A=1\nB=\"x\"\n");
    }

    #[test]
    fn reads_what_people_write() {
        let read = parse("# head\nexport A='one $x'\nB=two # tail\n\nC = \"three\"\nbad-key=x\nnonsense\nD=");
        let read: Vec<_> = read.iter().map(|(key, value)| format!("{key}={value}")).collect();
        assert_eq!(read, ["A=one $x", "B=two", "C=three", "D="]);
    }

    #[test]
    fn a_value_over_lines_and_one_with_a_quote_in_it_are_one_value() {
        let (variables, bad) =
            read("A='it'\\''s B=2'\nKEY=\"-----BEGIN\nMIIEow==\nbad-key=x\n\"\nfoo.bar=1\nC='open\nD=4\n");
        let said: Vec<_> = variables.iter().map(|(key, value)| format!("{key}={value}")).collect();
        assert_eq!(said, ["A=it's B=2", "C='open", "D=4", "KEY=-----BEGIN\nMIIEow==\nbad-key=x\n"]);
        assert_eq!(bad, ["foo.bar"]);
    }
}

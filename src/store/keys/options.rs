//! The option list in front of a key: `name`, `name="value"`, separated by commas.
//!
//! Grammar of OpenSSH's sshd(8), "AUTHORIZED_KEYS FILE FORMAT": a value stands in double quotes, and
//! `\"` is the only escape in it.

use crate::model::{Fault, Outcome};

/// One option: its name as written, and its value when it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyOption {
    /// The name, in the case it was written in.
    pub name: String,
    /// The value without its quotes.
    pub value: Option<String>,
    /// The option as it stands in the file.
    pub text: String,
}

/// Cuts a line into its options and what follows them. Without options the first part is empty.
///
/// # Errors
/// When a quote does not end.
pub fn split(line: &str) -> Outcome<(&str, &str)> {
    let first = line.split([' ', '\t']).next().unwrap_or_default();
    if is_key_type(first) {
        return Ok(("", line));
    }
    let mut quoted = false;
    let mut escaped = false;
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b' ' | b'\t' if !quoted => return Ok((&line[..at], line[at..].trim_start())),
            _ => {}
        }
    }
    if quoted {
        return Err(Fault::new("a quote in its options does not end"));
    }
    Ok((line, ""))
}

/// Reads an option list.
///
/// # Errors
/// When a value is not quoted as it must be.
pub fn parse(list: &str) -> Outcome<Vec<KeyOption>> {
    let mut options = Vec::new();
    let mut rest = list;
    while !rest.is_empty() {
        let name_end = rest.find(['=', ',']).unwrap_or(rest.len());
        let name = &rest[..name_end];
        if name.is_empty() {
            return Err(Fault::new("an option without a name"));
        }
        let (value, used) = if rest[name_end..].starts_with('=') {
            let (value, length) = quoted_value(&rest[name_end + 1..])?;
            (Some(value), name_end + 1 + length)
        } else {
            (None, name_end)
        };
        options.push(KeyOption { name: name.to_owned(), value, text: rest[..used].to_owned() });
        rest = &rest[used..];
        rest = match rest.strip_prefix(',') {
            Some(after) => after,
            None if rest.is_empty() => rest,
            None => return Err(Fault::new(format!("no comma after the option {name}"))),
        };
    }
    Ok(options)
}

/// True for the names of key types, which no option may be called.
pub fn is_key_type(word: &str) -> bool {
    word.starts_with("ssh-") || word.starts_with("ecdsa-sha2-") || word.starts_with("sk-")
}

fn quoted_value(text: &str) -> Outcome<(String, usize)> {
    let Some(inside) = text.strip_prefix('"') else {
        return Err(Fault::new("a value without quotes"));
    };
    let mut value = String::new();
    let mut letters = inside.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Ok((value, at + 2)),
            '\\' if letters.peek().is_some_and(|(_, next)| *next == '"') => {
                letters.next();
                value.push('"');
            }
            other => value.push(other),
        }
    }
    Err(Fault::new("a quote in its options does not end"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_may_hold_commas_spaces_and_escaped_quotes() {
        let line = r#"command="a \"b, c\" `d` $E",no-pty,from="10.0.0.0/8,!10.1.1.1" ssh-ed25519 AAAA x y"#;
        let (list, rest) = split(line).unwrap();
        assert_eq!(rest, "ssh-ed25519 AAAA x y");
        let options = parse(list).unwrap();
        let read: Vec<(&str, Option<&str>)> =
            options.iter().map(|option| (option.name.as_str(), option.value.as_deref())).collect();
        assert_eq!(
            read,
            [
                ("command", Some(r#"a "b, c" `d` $E"#)),
                ("no-pty", None),
                ("from", Some("10.0.0.0/8,!10.1.1.1")),
            ]
        );
    }

    #[test]
    fn a_line_without_options_is_all_key() {
        assert_eq!(split("ssh-rsa AAAA me").unwrap(), ("", "ssh-rsa AAAA me"));
    }

    #[test]
    fn what_does_not_end_or_is_not_quoted_is_an_error() {
        assert!(split(r#"command="x ssh-rsa AAAA"#).is_err());
        for list in [r#"command=x"#, r#"=,"#, r#"a="b"c"#, r#"a="b\""#] {
            assert!(parse(list).is_err(), "{list}");
        }
    }
}

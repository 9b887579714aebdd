//! Texts of a compose file: scalars of YAML, and what a dollar means in them.

use serde_yaml::Value;

use crate::model::{Fault, Outcome};

/// The text of a scalar; `place` is what errors call it.
///
/// # Errors
/// For lists and maps, and for a variable of the shell: there is no shell whose it could be.
pub fn scalar(value: &Value, place: &str) -> Outcome<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Null => return Err(Fault::new(format!("{place} has no value"))),
        Value::Sequence(_) | Value::Mapping(_) | Value::Tagged(_) => {
            return Err(Fault::new(format!("{place} must be a text")));
        }
    };
    without_doubled_dollars(&text, place)
}

/// The texts of a list.
///
/// # Errors
/// As [`scalar`], and for anything but a list.
pub fn list(value: &Value, place: &str) -> Outcome<Vec<String>> {
    let Value::Sequence(items) = value else {
        return Err(Fault::new(format!("{place} must be a list")));
    };
    items.iter().enumerate().map(|(index, item)| scalar(item, &format!("{place}[{index}]"))).collect()
}

/// Keys and values, from a map or from a list of `KEY=value`.
///
/// # Errors
/// As [`scalar`], and for anything but these two.
pub fn pairs(value: &Value, place: &str) -> Outcome<Vec<(String, String)>> {
    let Value::Mapping(map) = value else {
        return list(value, place)?
            .into_iter()
            .map(|item| match item.split_once('=') {
                Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
                Some(_) | None => Err(Fault::new(format!("{place}: {item} is not KEY=value"))),
            })
            .collect();
    };
    map.iter()
        .map(|(key, value)| {
            let key = scalar(key, place)?;
            let value = scalar(value, &format!("{place}.{key}"))?;
            Ok((key, value))
        })
        .collect()
}

/// Compose reads `$$` as a dollar, and one alone as the beginning of a variable.
fn without_doubled_dollars(text: &str, place: &str) -> Outcome<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let begins_variable = |c: char| c == '{' || c == '_' || c.is_ascii_alphabetic();
        rest = match after.strip_prefix('$') {
            Some(after) => after,
            None if after.starts_with(begins_variable) => {
                return Err(Fault::new(format!("{place} names a variable of the shell: {text}"))
                    .hint("Write the value itself, and $$ for a dollar"));
            }
            None => after,
        };
        out.push('$');
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dollar_is_written_twice() {
        let read = |text: &str| without_doubled_dollars(text, "here");
        assert_eq!(read("a$$b$$$$ 5$ $1").expect("readable"), "a$b$$ 5$ $1");
        for text in ["$HOME", "${HOME}", "x $_y"] {
            assert!(read(text).expect_err("refused").message.contains("variable of the shell"), "{text}");
        }
    }
}

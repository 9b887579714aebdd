//! Functions on texts.

use super::super::glob;
use super::super::session::LONGEST;
use super::super::value::Value;

type Result<T = Value> = std::result::Result<T, String>;

/// The text of an argument that may also be a stream.
pub fn text_of(value: &Value, function: &str) -> Result<String> {
    match value {
        Value::Text(text) => Ok(text.to_string()),
        Value::Stream(stream) => Ok(stream.read()),
        Value::Nil
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Byte(_)
        | Value::Float(_)
        | Value::List(_)
        | Value::Map(_) => Err(format!("{function} must be given a string")),
    }
}

/// An argument that its parameter has made sure is a text.
pub fn plain(arguments: &[Value], index: usize) -> String {
    match arguments.get(index) {
        Some(Value::Text(text)) => text.to_string(),
        Some(_) | None => String::new(),
    }
}

/// The argument in this place.
pub fn at(arguments: &[Value], index: usize) -> &Value {
    arguments.get(index).unwrap_or(&Value::Nil)
}

/// `capitalize`: the first letter of each word.
pub fn capitalize(arguments: &[Value]) -> Result {
    let text = text_of(at(arguments, 0), "capitalize")?;
    let mut is_inside = false;
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_inside {
            out.push(letter);
        } else {
            out.extend(letter.to_uppercase());
        }
        let is_sign = if letter.is_ascii() { true } else { letter.is_whitespace() };
        is_inside = letter.is_alphanumeric() || letter == '_' || !is_sign;
    }
    Ok(Value::text(out))
}

/// `lower`.
pub fn lower(arguments: &[Value]) -> Result {
    Ok(Value::text(text_of(at(arguments, 0), "lower")?.to_lowercase()))
}

/// `upper`.
pub fn upper(arguments: &[Value]) -> Result {
    Ok(Value::text(text_of(at(arguments, 0), "upper")?.to_uppercase()))
}

/// `replace OLD NEW`.
pub fn replace(arguments: &[Value]) -> Result {
    let (old, new) = (plain(arguments, 0), plain(arguments, 1));
    let text = text_of(at(arguments, 2), "replace")?;
    let count = text.matches(&old).count();
    let length = count.saturating_mul(new.len()).saturating_add(text.len());
    if length > LONGEST {
        return Err(format!("the result is longer than {LONGEST} bytes"));
    }
    Ok(Value::text(text.replace(&old, &new)))
}

/// `trim`: spaces and newlines at both ends.
pub fn trim(arguments: &[Value]) -> Result {
    let text = text_of(at(arguments, 0), "trim")?;
    Ok(Value::text(text.trim_matches([' ', '\n'])))
}

/// `indent WITH`: all lines but the first and the empty ones.
pub fn indent(arguments: &[Value]) -> Result {
    let indent = plain(arguments, 0);
    let text = text_of(at(arguments, 1), "indent")?;
    let count = text.matches('\n').count();
    if count.saturating_mul(indent.len()).saturating_add(text.len()) > LONGEST {
        return Err(format!("the result is longer than {LONGEST} bytes"));
    }
    let lines: Vec<String> = text
        .split('\n')
        .enumerate()
        .map(
            |(index, line)| {
                if index == 0 || line.is_empty() { line.to_owned() } else { format!("{indent}{line}") }
            },
        )
        .collect();
    Ok(Value::text(lines.join("\n")))
}

/// `match PATTERN`.
pub fn matches(arguments: &[Value]) -> Result {
    let text = text_of(at(arguments, 1), "match")?;
    glob::matches(&plain(arguments, 0), &text).map(Value::Bool)
}

/// `substr START:END`, counted in bytes.
pub fn substr(arguments: &[Value]) -> Result {
    let bounds = plain(arguments, 0);
    let text = text_of(at(arguments, 1), "substr")?;
    let mut parts = bounds.split(':');
    let start: i64 = parts.next().and_then(|part| part.parse().ok()).unwrap_or(0);
    let Some(end) = parts.next() else {
        return Err("runtime error: index out of range [1] with length 1".to_owned());
    };
    let end: i64 = end.parse().map_err(|_| "substr needs slice expression as 'start:end' ".to_owned())?;
    let length = text.len();
    let out_of_range = |what: String| format!("runtime error: slice bounds out of range [{what}");
    let to = usize::try_from(end).ok().filter(|to| *to <= length).ok_or_else(|| {
        out_of_range(if end < 0 { format!(":{end}]") } else { format!(":{end}] with length {length}") })
    })?;
    let from = usize::try_from(start).ok().filter(|from| *from <= to).ok_or_else(|| {
        out_of_range(if start < 0 { format!("{start}:]") } else { format!("{start}:{to}]") })
    })?;
    Ok(Value::text(String::from_utf8_lossy(&text.as_bytes()[from..to])))
}

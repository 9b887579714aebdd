//! JSON and YAML to values and back.

use std::sync::Arc;

use super::literals::quote;
use super::print;
use super::value::{Key, Map, Value};

/// Reads JSON. All numbers have a fraction, as Go has it.
///
/// # Errors
/// When it is malformed.
pub fn from_json(text: &str) -> Result<Value, String> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    Ok(of_json(value))
}

fn of_json(value: serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Nil,
        serde_json::Value::Bool(value) => Value::Bool(value),
        serde_json::Value::Number(number) => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        serde_json::Value::String(text) => Value::text(text),
        serde_json::Value::Array(items) => Value::list(items.into_iter().map(of_json).collect()),
        serde_json::Value::Object(entries) => {
            let pairs = entries.into_iter().map(|(key, value)| (key, of_json(value)));
            Value::Map(Arc::new(Map::of_texts(pairs)))
        }
    }
}

/// Reads YAML. Keys may be other than texts.
///
/// # Errors
/// When it is malformed.
pub fn from_yaml(text: &str) -> Result<Value, String> {
    let value: serde_yaml::Value = serde_yaml::from_str(text).map_err(|error| format!("yaml: {error}"))?;
    Ok(of_yaml(value))
}

fn of_yaml(value: serde_yaml::Value) -> Value {
    match value {
        serde_yaml::Value::Null => Value::Nil,
        serde_yaml::Value::Bool(value) => Value::Bool(value),
        serde_yaml::Value::Number(number) => match number.as_i64() {
            Some(whole) => Value::Int(whole),
            None => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        serde_yaml::Value::String(text) => Value::text(text),
        serde_yaml::Value::Sequence(items) => Value::list(items.into_iter().map(of_yaml).collect()),
        serde_yaml::Value::Mapping(entries) => {
            let entries = entries.into_iter().map(|(key, value)| (key_of(of_yaml(key)), of_yaml(value)));
            Value::Map(Arc::new(Map { is_loose: true, entries: entries.collect() }))
        }
        serde_yaml::Value::Tagged(tagged) => of_yaml(tagged.value),
    }
}

fn key_of(value: Value) -> Key {
    match value {
        Value::Bool(value) => Key::Bool(value),
        Value::Int(value) => Key::Int(value),
        Value::Text(text) => Key::Text(text),
        Value::Nil | Value::Byte(_) | Value::Float(_) | Value::List(_) | Value::Map(_) | Value::Stream(_) => {
            Key::Text(print::plain(&value).into())
        }
    }
}

/// Writes JSON as Go does: sorted keys, and no character that HTML would read.
///
/// # Errors
/// When JSON has no word for a value, or a key is no text.
pub fn to_json(value: &Value) -> Result<String, String> {
    Ok(match value {
        Value::Nil => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Byte(value) => value.to_string(),
        Value::Float(value) => number(*value)?,
        Value::Text(text) => json_text(text),
        Value::List(items) => {
            let items: Result<Vec<String>, String> = items.iter().map(to_json).collect();
            format!("[{}]", items?.join(","))
        }
        Value::Map(map) => {
            let mut shown = Vec::new();
            for (key, value) in &map.entries {
                let Key::Text(key) = key else {
                    let name = key.value().type_name();
                    return Err(format!("interface conversion: interface {{}} is {name}, not string"));
                };
                shown.push(format!("{}:{}", json_text(key), to_json(value)?));
            }
            format!("{{{}}}", shown.join(","))
        }
        Value::Stream(stream) => format!("{{\"Reader\":{{}},\"Name\":{}}}", json_text(&stream.name)),
    })
}

fn number(value: f64) -> Result<String, String> {
    if !value.is_finite() {
        return Err(format!("json: unsupported value: {}", print::float(value, 'g', None)));
    }
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-6..1e21).contains(&magnitude) {
        let text = print::float(value, 'e', None);
        return Ok(text.replace("e-0", "e-"));
    }
    Ok(format!("{value}"))
}

fn json_text(text: &str) -> String {
    let mut out = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => push_code(&mut out, letter),
            control if u32::from(control) < 0x20 => push_code(&mut out, letter),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

fn push_code(out: &mut String, letter: char) {
    out.push_str(&format!("\\u{:04x}", u32::from(letter)));
}

/// Writes YAML: sorted keys, blocks indented by two.
pub fn to_yaml(value: &Value) -> String {
    let mut out = String::new();
    write_yaml(&mut out, value, 0, false);
    out
}

/// Writes a value; `follows` says that something stands before it in the line already.
fn write_yaml(out: &mut String, value: &Value, indent: usize, follows: bool) {
    let margin = " ".repeat(indent);
    match value {
        Value::List(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index == 0 && follows { "" } else { &margin });
                out.push_str("- ");
                write_yaml(out, item, indent + 2, true);
            }
        }
        Value::Map(map) if !map.entries.is_empty() => {
            for (index, (key, value)) in map.entries.iter().enumerate() {
                out.push_str(if index == 0 && follows { "" } else { &margin });
                out.push_str(&scalar(&key.value()));
                out.push(':');
                let is_block = matches!(value, Value::List(items) if !items.is_empty())
                    || matches!(value, Value::Map(map) if !map.entries.is_empty());
                out.push(if is_block { '\n' } else { ' ' });
                // A list below a key is not indented any further.
                let deeper = if matches!(value, Value::List(_)) { indent } else { indent + 2 };
                write_yaml(out, value, deeper, false);
            }
        }
        Value::Text(text) if text.contains('\n') => {
            let keeps = if text.ends_with("\n\n") || &**text == "\n" {
                "+"
            } else if text.ends_with('\n') {
                ""
            } else {
                "-"
            };
            out.push_str(&format!("|{keeps}\n"));
            let body = text.strip_suffix('\n').unwrap_or(text);
            for line in body.split('\n') {
                let margin = if line.is_empty() { "" } else { &" ".repeat(indent.max(2)) };
                out.push_str(&format!("{margin}{line}\n"));
            }
        }
        Value::Nil
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Byte(_)
        | Value::Float(_)
        | Value::Text(_)
        | Value::List(_)
        | Value::Map(_)
        | Value::Stream(_) => {
            out.push_str(&scalar(value));
            out.push('\n');
        }
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::Nil => "null".to_owned(),
        Value::List(_) => "[]".to_owned(),
        Value::Map(_) => "{}".to_owned(),
        Value::Text(text) => yaml_text(text),
        Value::Bool(_) | Value::Int(_) | Value::Byte(_) | Value::Float(_) | Value::Stream(_) => {
            print::plain(value)
        }
    }
}

/// A text without quotes where nobody would read it as anything else.
fn yaml_text(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let is_word = matches!(
        lower.as_str(),
        "" | "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null" | "~"
    );
    if is_word || text.parse::<f64>().is_ok() || text.chars().any(|letter| letter.is_control()) {
        return quote(text);
    }
    let begins_badly = text.starts_with([
        ' ', '!', '&', '*', '#', '?', '|', '>', '%', '@', '`', '"', '\'', '[', ']', '{', '}', ',',
    ]) || text == "-"
        || text.starts_with("- ")
        || text.starts_with("---");
    let has_signs = text.contains(": ") || text.contains(" #") || text.ends_with([':', ' ']);
    if begins_badly || has_signs { format!("'{}'", text.replace('\'', "''")) } else { text.to_owned() }
}

//! `TYPE://?key=value&outer[inner]=value`: a sink in one word.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::model::{Fault, Outcome};

/// What a text says about a sink: its type and its settings, as vector wants them.
///
/// Values are JSON where they read as JSON, else text. One behind brackets is decoded once more for each level, which is
/// how a plus sign comes to be written `%252B` there (Dokku 0.38).
///
/// # Errors
/// When it is no such text; it says how one reads.
pub fn parse(text: &str) -> Outcome<Map<String, Value>> {
    let bad = || Fault::new(format!("Invalid sink {text}")).hint("a sink reads TYPE://?key=value");
    let (kind, rest) = text.split_once("://").ok_or_else(bad)?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !kind.starts_with(|c: char| c.is_ascii_alphabetic()) || !kind.chars().all(is_plain) {
        return Err(bad());
    }
    let rest = rest.split('#').next().unwrap_or_default();
    let query = rest.split_once('?').map_or("", |(_, query)| query).trim_start_matches('&');
    let mut settings = Map::new();
    for parameter in query.split('&') {
        let (key, value) = parameter.split_once('=').ok_or_else(bad)?;
        merge(
            &mut settings,
            setting(key, value, 0).map_err(|fault| fault.hint("a sink reads TYPE://?key=value"))?,
        );
    }
    if settings.contains_key("sinks") {
        return Err(Fault::new("Invalid option sinks"));
    }
    for value in settings.values_mut() {
        decode(value)?;
    }
    settings.insert("type".into(), kind.to_ascii_lowercase().replace('-', "_").into());
    Ok(settings)
}

/// The sink, fed by a part of the pipeline.
///
/// # Errors
/// When it cannot be read.
pub fn to(text: &str, from: &str) -> Outcome<Map<String, Value>> {
    let mut sink = parse(text)?;
    sink.insert("inputs".into(), Value::from(vec![from]));
    Ok(sink)
}

/// A sink without what only its owner should see.
pub fn hidden(text: &str) -> String {
    match parse(text) {
        Ok(sink) => format!("{}://redacted", sink["type"].as_str().unwrap_or_default()),
        Err(_) => String::new(),
    }
}

/// How deep brackets may stand in each other.
const DEEPEST: usize = 32;

fn setting(key: &str, value: &str, depth: usize) -> Outcome<Map<String, Value>> {
    if depth > DEEPEST {
        return Err(Fault::new(format!("Invalid sink: brackets deeper than {DEEPEST}")));
    }
    let (key, value) = (unescape(key)?, unescape(value)?);
    let nested = key.split_once('[').and_then(|(outer, rest)| Some((outer, rest.split_once(']')?)));
    let (name, value) = match nested {
        None => (key.as_str(), scalar(&value)),
        Some((outer, ("", more))) => {
            let mut inner = setting(more, &value, depth + 1)?;
            (outer, Value::Array(vec![inner.remove("").unwrap_or(Value::Object(inner))]))
        }
        Some((outer, (inner, more))) => {
            (outer, Value::Object(setting(&format!("{inner}{more}"), &value, depth + 1)?))
        }
    };
    Ok(Map::from_iter([(name.to_owned(), value)]))
}

fn unescape(text: &str) -> Outcome<String> {
    let spaced = text.replace('+', " ");
    match percent_decode_str(&spaced).decode_utf8() {
        Ok(text) => Ok(text.into_owned()),
        Err(_) => Err(Fault::new(format!("Invalid sink: {text} does not decode to text"))),
    }
}

fn scalar(text: &str) -> Value {
    serde_json::from_str(text)
        .or_else(|_| serde_json::from_str(&format!("\"{text}\"")))
        .unwrap_or_else(|_| text.into())
}

/// Joins settings of the same name: groups key by key, lists one behind the other.
fn merge(into: &mut Map<String, Value>, from: Map<String, Value>) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Value::Object(old)), Value::Object(new)) => merge(old, new),
            (Some(Value::Array(old)), Value::Array(new)) => old.extend(new),
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}

/// `base64enc:…` stands for a value with characters that a query cannot have.
fn decode(value: &mut Value) -> Outcome {
    let Some(coded) = value.as_str().and_then(|text| text.strip_prefix("base64enc:")) else { return Ok(()) };
    let bytes =
        STANDARD.decode(coded).map_err(|error| Fault::new(format!("Error decoding base64: {error}")))?;
    let text =
        String::from_utf8(bytes).map_err(|error| Fault::new(format!("Error decoding base64: {error}")))?;
    *value = text.trim().into();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match parse(text) {
            Ok(sink) => Value::Object(sink).to_string(),
            Err(fault) => format!("refused: {fault}"),
        }
    }

    #[test]
    fn settings_stand_in_the_query() {
        assert_eq!(read("datadog_logs://?api_key=abc123"), r#"{"api_key":"abc123","type":"datadog_logs"}"#);
        assert_eq!(
            read("loki://?endpoint=https://host&auth[token]=a%3D&auth[strategy]=bearer"),
            r#"{"endpoint":"https://host","auth":{"token":"a=","strategy":"bearer"},"type":"loki"}"#
        );
        assert_eq!(
            read("http://?uri=https%3A//h/%3Fa%3Db%26c%3Dd%2Be&auth[key]=x%252By"),
            r#"{"uri":"https://h/?a=b&c=d+e","auth":{"key":"x+y"},"type":"http"}"#
        );
    }

    #[test]
    fn values_are_what_they_read_as() {
        assert_eq!(
            read("file://?a=true&b=2&c=null&d[]=1&d[]=x&e=base64enc:aGkK&f={{ host }}"),
            r#"{"a":true,"b":2,"c":null,"d":[1,"x"],"e":"hi","f":"{{ host }}","type":"file"}"#
        );
    }

    #[test]
    fn what_is_no_sink_is_refused() {
        for text in ["", "console", "console://", "://?a=b", "c nsole://?a=b", "console://?a"] {
            assert!(read(text).contains("Invalid sink"), "{text}: {}", read(text));
        }
        assert!(read("console://?sinks=x").contains("Invalid option sinks"));
        assert!(read("console://?a=base64enc:%25").contains("decoding base64"));
        assert!(read("console://?a=%FF").contains("decode"));
        let deep = format!("console://?{}=1", "a[".repeat(200) + &"]".repeat(200));
        assert!(!read(&deep).is_empty());
    }

    #[test]
    fn only_the_type_of_a_hidden_sink_is_seen() {
        assert_eq!(hidden("datadog_logs://?api_key=abc123"), "datadog_logs://redacted");
        assert_eq!(hidden("nothing"), "");
    }
}

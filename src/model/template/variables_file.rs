//! Variables from a file: `sigil --vars-file`.

use std::sync::Arc;

use super::json::{from_json, from_yaml};
use super::print::plain;
use super::session::Variables;
use super::value::{Map, Value};
use crate::model::dotenv;

/// The variables that a file holds: JSON and YAML by its ending, else lines of `NAME=value`.
///
/// # Errors
/// When it is malformed, or is no map of names.
pub fn variables(file_name: &str, text: &str) -> Result<Variables, String> {
    let ending = file_name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let value =
        match ending.as_deref() {
            Some("json") => from_json(text)
                .map_err(|error| format!("failed to parse JSON vars file {file_name}: {error}"))?,
            Some("yaml" | "yml") => from_yaml(text)
                .map_err(|error| format!("failed to parse YAML vars file {file_name}: {error}"))?,
            Some(_) | None => {
                let pairs = dotenv::parse(text).into_iter();
                return Ok(pairs.map(|(key, value)| (key, Value::text(value))).collect());
            }
        };
    match value {
        Value::Nil => Ok(Variables::new()),
        Value::Map(map) => {
            let entries = map.entries.iter();
            Ok(entries.map(|(key, value)| (plain(&key.value()), with_texts_as_keys(value))).collect())
        }
        Value::Bool(_)
        | Value::Int(_)
        | Value::Byte(_)
        | Value::Float(_)
        | Value::Text(_)
        | Value::List(_)
        | Value::Stream(_) => Err(format!("vars file {file_name} must contain a mapping at top level")),
    }
}

/// What is below the first level, too, has names only.
fn with_texts_as_keys(value: &Value) -> Value {
    if let Value::Map(map) = value {
        let pairs = map.entries.iter();
        let pairs = pairs.map(|(key, value)| (plain(&key.value()), with_texts_as_keys(value)));
        return Value::Map(Arc::new(Map::of_texts(pairs)));
    }
    if let Value::List(items) = value {
        return Value::list(items.iter().map(with_texts_as_keys).collect());
    }
    value.clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::template::{ClosedWorld, Session};

    fn rendered(file: &str, text: &str) -> String {
        let variables = variables(file, text).expect("the file is well formed");
        Session::new(&ClosedWorld, std::collections::BTreeMap::new())
            .render("{{ .a }} {{ .b | tojson }}", variables, "<inline>")
            .expect("the template is well formed")
    }

    #[test]
    fn all_three_formats_are_read() {
        assert_eq!(rendered("v.json", r#"{"a": "x", "b": [1, {"c": 2}]}"#), r#"x [1,{"c":2}]"#);
        assert_eq!(rendered("v.YML", "a: x\nb: [1, {c: 2}]\n"), r#"x [1,{"c":2}]"#);
        assert_eq!(rendered("v.env", "a=x\nb='y z'\n"), r#"x "y z""#);
    }

    #[test]
    fn what_is_no_map_is_refused() {
        assert!(variables("v.yaml", "- 1\n").is_err());
        assert!(variables("v.json", "{").is_err());
        assert!(variables("v.yaml", "").expect("an empty file has no variables").is_empty());
    }
}

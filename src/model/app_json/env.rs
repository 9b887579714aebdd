//! A variable that an app.json asks for.

use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use super::or_default;

/// A variable to set (contract: formats.md section 5.2). In the file a text alone is its value.
#[derive(Clone, Debug, PartialEq)]
pub struct EnvVariable {
    /// For whoever is asked for its value.
    pub description: String,
    /// Its value; empty without one.
    pub value: String,
    /// Whether the deploy fails without a value.
    pub required: bool,
    /// `secret` for 64 random hexadecimal characters.
    pub generator: String,
    /// Whether it is set at every deploy, not only at the first.
    pub sync: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Written {
    #[serde(deserialize_with = "or_default")]
    description: String,
    #[serde(deserialize_with = "or_default")]
    value: String,
    required: Option<bool>,
    #[serde(deserialize_with = "or_default")]
    generator: String,
    #[serde(deserialize_with = "or_default")]
    sync: bool,
}

impl From<Written> for EnvVariable {
    fn from(written: Written) -> Self {
        EnvVariable {
            description: written.description,
            value: written.value,
            required: written.required.unwrap_or(true),
            generator: written.generator,
            sync: written.sync,
        }
    }
}

struct EnvVisitor;

impl<'de> Visitor<'de> for EnvVisitor {
    type Value = EnvVariable;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a text or an object")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<EnvVariable, E> {
        Ok(Written { value: value.to_owned(), ..Written::default() }.into())
    }

    fn visit_unit<E: Error>(self) -> Result<EnvVariable, E> {
        Ok(Written::default().into())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<EnvVariable, A::Error> {
        Written::deserialize(MapAccessDeserializer::new(map)).map(EnvVariable::from)
    }
}

impl<'de> Deserialize<'de> for EnvVariable {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(EnvVisitor)
    }
}

#[cfg(test)]
mod tests {
    use crate::model::app_json::AppJson;

    #[test]
    fn a_text_is_a_value_and_required_is_the_default() {
        let read =
            AppJson::parse(r#"{"env": {"A": "x", "B": {"required": false}, "C": {"generator": "secret"}}}"#)
                .expect("an app.json");
        let (a, b, c) = (&read.env["A"], &read.env["B"], &read.env["C"]);
        assert_eq!((a.value.as_str(), a.required), ("x", true));
        assert_eq!((b.value.as_str(), b.required), ("", false));
        assert_eq!(c.generator, "secret");
    }

    #[test]
    fn a_number_is_refused_by_name() {
        let fault = AppJson::parse("{\"env\": {\"WEB_CONCURRENCY\": 3}}").expect_err("refused");
        assert_eq!(
            fault.message,
            "Cannot parse app.json: env.WEB_CONCURRENCY: invalid type: integer `3`, expected a text or an object at line 1 column 29"
        );
    }
}

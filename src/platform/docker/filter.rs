//! Which of many things are meant.

use std::collections::BTreeMap;
use std::fmt;

/// Conditions that all must hold; of several for one key, any (labels: all). Prints as `--filter key=value …`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter(BTreeMap<String, Vec<String>>);

impl Filter {
    /// Everything.
    pub fn all() -> Self {
        Filter::default()
    }

    /// What has the label, given as `key` or `key=value`.
    pub fn label(label: impl Into<String>) -> Self {
        Filter::all().and("label", label)
    }

    /// A further condition, by a key of the engine such as `label`, `name`, `status`, `type`, `event`, `dangling`, `until`.
    #[must_use]
    pub fn and(mut self, key: &str, value: impl Into<String>) -> Self {
        self.0.entry(key.to_owned()).or_default().push(value.into());
        self
    }

    /// The conditions, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0.iter().map(|(key, values)| (key.as_str(), values.as_slice()))
    }

    /// True without conditions.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The engine's spelling: `{"label":["a=b"]}`.
    pub fn to_json(&self) -> String {
        serde_json::to_string(&self.0).expect("a map of texts is always JSON")
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut gap = "";
        for (key, values) in &self.0 {
            for value in values {
                write!(f, "{gap}--filter {key}={value}")?;
                gap = " ";
            }
        }
        Ok(())
    }
}

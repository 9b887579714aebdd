//! What a template computes with: the values that JSON, YAML and Go's constants know.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// A value. Copies are cheap: what is large is shared.
#[derive(Clone, Debug)]
pub enum Value {
    /// No value.
    Nil,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A byte of a text.
    Byte(u8),
    /// A number with a fraction; all numbers of JSON are such.
    Float(f64),
    /// A text.
    Text(Arc<str>),
    /// A list.
    List(Arc<Vec<Value>>),
    /// Values by key.
    Map(Arc<Map>),
    /// What can be read once: standard input, the answer of a server.
    Stream(Arc<Stream>),
}

/// Values by key, in the order of the keys.
#[derive(Debug, Default)]
pub struct Map {
    /// True when keys may be other than texts, as in YAML.
    pub is_loose: bool,
    /// The values.
    pub entries: BTreeMap<Key, Value>,
}

/// A key of a map.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A text.
    Text(Arc<str>),
}

/// Bytes that are read once, and what they are called in errors.
#[derive(Debug)]
pub struct Stream {
    /// `<stdin>` or the address.
    pub name: String,
    text: Mutex<String>,
}

impl Stream {
    /// A stream of this text.
    pub fn new(name: impl Into<String>, text: String) -> Self {
        Stream { name: name.into(), text: Mutex::new(text) }
    }

    /// What is left of it; nothing the second time.
    pub fn read(&self) -> String {
        self.text.lock().map(|mut text| std::mem::take(&mut *text)).unwrap_or_default()
    }
}

impl Key {
    /// The key as a value.
    pub fn value(&self) -> Value {
        match self {
            Key::Bool(value) => Value::Bool(*value),
            Key::Int(value) => Value::Int(*value),
            Key::Text(text) => Value::Text(Arc::clone(text)),
        }
    }
}

impl Map {
    /// A map with texts as keys.
    pub fn of_texts(pairs: impl IntoIterator<Item = (String, Value)>) -> Self {
        let entries = pairs.into_iter().map(|(key, value)| (Key::Text(key.into()), value)).collect();
        Map { is_loose: false, entries }
    }

    /// The value of this name.
    pub fn named(&self, name: &str) -> Option<&Value> {
        self.entries.get(&Key::Text(name.into()))
    }
}

impl Value {
    /// A text.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Value::Text(text.into())
    }

    /// A list.
    pub fn list(items: Vec<Value>) -> Self {
        Value::List(Arc::new(items))
    }

    /// A list of texts.
    pub fn texts<S: Into<Arc<str>>>(items: impl IntoIterator<Item = S>) -> Self {
        Value::list(items.into_iter().map(Value::text).collect())
    }

    /// What `if` makes of it.
    pub fn is_true(&self) -> bool {
        match self {
            Value::Nil => false,
            Value::Bool(value) => *value,
            Value::Int(value) => *value != 0,
            Value::Byte(value) => *value != 0,
            Value::Float(value) => *value != 0.0,
            Value::Text(text) => !text.is_empty(),
            Value::List(items) => !items.is_empty(),
            Value::Map(map) => !map.entries.is_empty(),
            Value::Stream(_) => true,
        }
    }

    /// The type's name, in Go's words.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Nil => "<nil>",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Byte(_) => "uint8",
            Value::Float(_) => "float64",
            Value::Text(_) => "string",
            Value::List(_) => "[]interface {}",
            Value::Map(map) if map.is_loose => "map[interface {}]interface {}",
            Value::Map(_) => "map[string]interface {}",
            Value::Stream(_) => "sigil.NamedReader",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_read_once() {
        let stream = Stream::new("<stdin>", "words".to_owned());
        assert_eq!((stream.read(), stream.read()), ("words".to_owned(), String::new()));
    }
}

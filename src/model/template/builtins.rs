//! The functions of Go's `text/template` itself.

use std::sync::Arc;

use super::escape;
use super::machine::Slot;
use super::print;
use super::printf;
use super::value::{Key, Value};

type Result<T = Value> = std::result::Result<T, String>;

/// `not`.
pub fn not(arguments: Vec<Slot>) -> Result<Slot> {
    let is_true = arguments.first().is_some_and(Slot::is_true);
    Ok(Slot::Plain(Value::Bool(!is_true)))
}

/// `len`.
pub fn len(arguments: Vec<Slot>) -> Result<Slot> {
    let count = match arguments.into_iter().next() {
        None | Some(Slot::Nothing) => {
            return Err("reflect: call of reflect.Value.Type on zero Value".to_owned());
        }
        Some(Slot::Boxed(Value::Nil) | Slot::Plain(Value::Nil)) => {
            return Err("len of nil pointer".to_owned());
        }
        Some(Slot::Plain(value) | Slot::Boxed(value)) => {
            length(&value).ok_or_else(|| format!("len of type {}", value.type_name()))?
        }
    };
    Ok(Slot::Plain(Value::Int(i64::try_from(count).unwrap_or(i64::MAX))))
}

fn length(value: &Value) -> Option<usize> {
    match value {
        Value::Text(text) => Some(text.len()),
        Value::List(items) => Some(items.len()),
        Value::Map(map) => Some(map.entries.len()),
        Value::Nil | Value::Bool(_) | Value::Int(_) | Value::Byte(_) | Value::Float(_) | Value::Stream(_) => {
            None
        }
    }
}

/// `index`: an item of a list, a byte of a text, a value of a map; and on, with each argument.
pub fn index(arguments: Vec<Slot>) -> Result<Slot> {
    let mut arguments = arguments.into_iter().map(Slot::value);
    let mut item = arguments.next().unwrap_or(Value::Nil);
    if matches!(item, Value::Nil) {
        return Err("index of untyped nil".to_owned());
    }
    let mut is_inside = false;
    for place in arguments {
        item = match &item {
            Value::Nil => return Err("index of nil pointer".to_owned()),
            Value::List(items) => items[item_position(&place, items.len(), "slice")?].clone(),
            Value::Text(text) => Value::Byte(text.as_bytes()[item_position(&place, text.len(), "string")?]),
            Value::Map(map) => map.entries.get(&key(&place, map.is_loose)?).cloned().unwrap_or(Value::Nil),
            Value::Bool(_) | Value::Int(_) | Value::Byte(_) | Value::Float(_) | Value::Stream(_) => {
                return Err(format!("can't index item of type {}", item.type_name()));
            }
        };
        is_inside = true;
    }
    Ok(if is_inside { Slot::Boxed(item) } else { Slot::Plain(item) })
}

/// A place that an item is at. Go has another word for the first place behind the end.
fn item_position(place: &Value, length: usize, kind: &str) -> Result<usize> {
    let found = position(place, length)?;
    if found < length { Ok(found) } else { Err(format!("reflect: {kind} index out of range")) }
}

/// A place within a list or text, or at its end.
fn position(place: &Value, length: usize) -> Result<usize> {
    let number = match place {
        Value::Int(number) => *number,
        Value::Byte(number) => i64::from(*number),
        Value::Nil => return Err("cannot index slice/array with nil".to_owned()),
        Value::Bool(_)
        | Value::Float(_)
        | Value::Text(_)
        | Value::List(_)
        | Value::Map(_)
        | Value::Stream(_) => {
            return Err(format!("cannot index slice/array with type {}", place.type_name()));
        }
    };
    usize::try_from(number)
        .ok()
        .filter(|found| *found <= length)
        .ok_or_else(|| format!("index out of range: {number}"))
}

fn key(place: &Value, is_loose: bool) -> Result<Key> {
    match place {
        Value::Text(text) => Ok(Key::Text(Arc::clone(text))),
        Value::Nil if !is_loose => Err("value is nil; should be of type string".to_owned()),
        Value::Bool(value) if is_loose => Ok(Key::Bool(*value)),
        Value::Int(value) if is_loose => Ok(Key::Int(*value)),
        Value::Nil
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Byte(_)
        | Value::Float(_)
        | Value::List(_)
        | Value::Map(_)
        | Value::Stream(_) => {
            if is_loose {
                return Ok(Key::Text(print::plain(place).into()));
            }
            Err(format!("value has type {}; should be string", place.type_name()))
        }
    }
}

/// `slice`: a part of a list or text.
pub fn slice(arguments: Vec<Slot>) -> Result<Slot> {
    let mut arguments = arguments.into_iter().map(Slot::value);
    let item = arguments.next().unwrap_or(Value::Nil);
    let places: Vec<Value> = arguments.collect();
    if places.len() > 3 {
        return Err(format!("too many slice indexes: {}", places.len()));
    }
    let length = match &item {
        Value::Nil => return Err("slice of untyped nil".to_owned()),
        Value::Text(_) if places.len() == 3 => return Err("cannot 3-index slice a string".to_owned()),
        Value::Text(text) => text.len(),
        Value::List(items) => items.len(),
        Value::Bool(_)
        | Value::Int(_)
        | Value::Byte(_)
        | Value::Float(_)
        | Value::Map(_)
        | Value::Stream(_) => return Err(format!("can't slice item of type {}", item.type_name())),
    };
    let mut bounds = [0, length, length];
    for (bound, place) in bounds.iter_mut().zip(&places) {
        *bound = position(place, length)?;
    }
    let [from, to, capacity] = bounds;
    if from > to {
        return Err(format!("invalid slice index: {from} > {to}"));
    }
    if to > capacity {
        return Err(format!("invalid slice index: {to} > {capacity}"));
    }
    Ok(Slot::Plain(if let Value::List(items) = &item {
        Value::list(items[from..to].to_vec())
    } else if let Value::Text(text) = &item {
        Value::text(String::from_utf8_lossy(&text.as_bytes()[from..to]))
    } else {
        item
    }))
}

/// `print`.
pub fn print(arguments: &[Value]) -> Result {
    Ok(Value::text(print::print(arguments)))
}

/// `println`.
pub fn println(arguments: &[Value]) -> Result {
    Ok(Value::text(print::println(arguments)))
}

/// `printf`.
pub fn printf(arguments: &[Value]) -> Result {
    let (pattern, rest) = arguments.split_first().ok_or("printf needs a format")?;
    Ok(Value::text(printf::format(&print::plain(pattern), rest)))
}

/// `html`.
pub fn html(arguments: &[Value]) -> Result {
    Ok(Value::text(escape::html(&joined(arguments))))
}

/// `js`.
pub fn js(arguments: &[Value]) -> Result {
    Ok(Value::text(escape::js(&joined(arguments))))
}

/// `urlquery`.
pub fn urlquery(arguments: &[Value]) -> Result {
    Ok(Value::text(escape::urlquery(&joined(arguments))))
}

/// The arguments as `print` shows them, but for what is not there.
fn joined(arguments: &[Value]) -> String {
    let shown = |value: &Value| {
        if matches!(value, Value::Nil) { Value::text("<no value>") } else { value.clone() }
    };
    print::print(&arguments.iter().map(shown).collect::<Vec<_>>())
}

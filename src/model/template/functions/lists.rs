//! Functions on lists and maps.

use std::sync::Arc;

use super::super::glob;
use super::super::session::LONGEST;
use super::super::value::{Map, Value};
use super::texts::{at, plain, text_of};

type Result<T = Value> = std::result::Result<T, String>;

/// How long a list may become.
const MOST: usize = 1_000_000;

/// An argument that its parameter has made sure is a list.
fn items(arguments: &[Value], index: usize) -> Arc<Vec<Value>> {
    match arguments.get(index) {
        Some(Value::List(items)) => Arc::clone(items),
        Some(_) | None => Arc::new(Vec::new()),
    }
}

/// `default VALUE`: stands in for what is not there, empty, zero or false.
pub fn default(arguments: &[Value]) -> Result {
    let given = at(arguments, 1);
    match given {
        Value::List(_) | Value::Map(_) => {
            Err(format!("runtime error: comparing uncomparable type {}", given.type_name()))
        }
        Value::Nil
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Byte(_)
        | Value::Float(_)
        | Value::Text(_)
        | Value::Stream(_) => Ok(if given.is_true() { given } else { at(arguments, 0) }.clone()),
    }
}

/// `split SEPARATOR`; an empty one parts all characters.
pub fn split(arguments: &[Value]) -> Result {
    let separator = plain(arguments, 0);
    let text = text_of(at(arguments, 1), "split")?;
    if separator.is_empty() {
        return Ok(Value::texts(text.chars().map(String::from)));
    }
    Ok(Value::texts(text.split(&separator)))
}

/// `join SEPARATOR`: the texts of a list.
pub fn join(arguments: &[Value]) -> Result {
    let separator = plain(arguments, 0);
    let items = items(arguments, 1);
    let texts: Vec<&str> = items
        .iter()
        .filter_map(|item| if let Value::Text(text) = item { Some(&**text) } else { None })
        .collect();
    let length = texts.iter().fold(0_usize, |sum, text| sum.saturating_add(text.len() + separator.len()));
    if length > LONGEST {
        return Err(format!("the result is longer than {LONGEST} bytes"));
    }
    Ok(Value::text(texts.join(&separator)))
}

/// `splitkv SEPARATOR`: a list of `key=value` as a map.
pub fn splitkv(arguments: &[Value]) -> Result {
    let separator = plain(arguments, 0);
    let mut pairs = Vec::new();
    for item in items(arguments, 1).iter() {
        let Value::Text(text) = item else {
            return Err("splitkv must be given a string map of strings".to_owned());
        };
        pairs.push(match text.split_once(&separator) {
            Some((key, value)) => (key.to_owned(), Value::text(value)),
            None => (text.to_string(), Value::Bool(true)),
        });
    }
    Ok(Value::Map(Arc::new(Map::of_texts(pairs))))
}

/// `joinkv SEPARATOR`: a map as a list, in the order of its keys.
pub fn joinkv(arguments: &[Value]) -> Result {
    let wrong = || "joinkv must be given a string map of strings".to_owned();
    let separator = plain(arguments, 0);
    let Value::Map(map) = at(arguments, 1) else { return Err(wrong()) };
    if map.is_loose {
        return Err(wrong());
    }
    let mut joined = Vec::new();
    for (key, value) in &map.entries {
        let (Value::Text(key), Value::Text(value)) = (key.value(), value) else { return Err(wrong()) };
        joined.push(format!("{key}{separator}{value}"));
    }
    Ok(Value::texts(joined))
}

/// `seq N`: the numbers from 0 below N, as texts.
pub fn seq(arguments: &[Value]) -> Result {
    let wrong = || "seq must be given an integer or numeric string".to_owned();
    let count = match at(arguments, 0) {
        Value::Int(number) => *number,
        Value::Text(text) => text.parse().map_err(|_| wrong())?,
        Value::Nil
        | Value::Bool(_)
        | Value::Byte(_)
        | Value::Float(_)
        | Value::List(_)
        | Value::Map(_)
        | Value::Stream(_) => return Err(wrong()),
    };
    let count =
        usize::try_from(count).map_err(|_| "runtime error: makeslice: len out of range".to_owned())?;
    if count > MOST {
        return Err(format!("a list of more than {MOST}"));
    }
    Ok(Value::texts((0..count).map(|number| number.to_string())))
}

/// `uniq`: what is in any of the lists, once each, in the order of its first sight.
pub fn uniq(arguments: &[Value]) -> Result {
    let mut seen = std::collections::BTreeSet::new();
    let mut kept = Vec::new();
    for index in 0..arguments.len() {
        for item in items(arguments, index).iter() {
            if matches!(item, Value::List(_) | Value::Map(_)) {
                return Err(format!("runtime error: hash of unhashable type {}", item.type_name()));
            }
            if seen.insert((item.type_name(), super::super::print::plain(item))) {
                kept.push(item.clone());
            }
        }
    }
    Ok(Value::list(kept))
}

/// `append ITEM`.
pub fn append(arguments: &[Value]) -> Result {
    let mut items = items(arguments, 1).to_vec();
    if items.len() >= MOST {
        return Err(format!("a list of more than {MOST}"));
    }
    items.push(at(arguments, 0).clone());
    Ok(Value::list(items))
}

/// `drop ITEM`: all that fit the pattern, or equal the value.
pub fn drop(arguments: &[Value]) -> Result {
    let dropped = at(arguments, 0);
    let mut kept = Vec::new();
    for item in items(arguments, 1).iter() {
        let is_dropped = match (dropped, item) {
            (Value::Text(pattern), Value::Text(text)) => {
                glob::matches(pattern, text).map_err(|_| format!("bad pattern: {pattern}"))?
            }
            (Value::Text(_), _) => {
                return Err("all elements must be a string to drop a string".to_owned());
            }
            (_, _) => same(dropped, item)?,
        };
        if !is_dropped {
            kept.push(item.clone());
        }
    }
    Ok(Value::list(kept))
}

fn same(first: &Value, second: &Value) -> Result<bool> {
    Ok(match (first, second) {
        (Value::Nil, Value::Nil) => true,
        (Value::Bool(first), Value::Bool(second)) => first == second,
        (Value::Int(first), Value::Int(second)) => first == second,
        (Value::Byte(first), Value::Byte(second)) => first == second,
        (Value::Float(first), Value::Float(second)) => first == second,
        (Value::List(_), Value::List(_)) | (Value::Map(_), Value::Map(_))
            if first.type_name() == second.type_name() =>
        {
            return Err(format!("runtime error: comparing uncomparable type {}", first.type_name()));
        }
        (_, _) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::print::plain as shown;
    use super::*;

    #[test]
    fn lists_come_in_an_order_that_does_not_change() {
        let list = Value::texts(["b", "a", "b"]);
        assert_eq!(shown(&uniq(&[list]).expect("a list of texts")), "[b a]");
        let pairs = [("z".to_owned(), Value::text("1")), ("y".to_owned(), Value::text("2"))];
        let map = Value::Map(Arc::new(Map::of_texts(pairs)));
        assert_eq!(shown(&joinkv(&[Value::text("="), map]).expect("a map of texts")), "[y=2 z=1]");
    }
}

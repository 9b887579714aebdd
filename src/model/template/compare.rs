//! `eq`, `ne`, `lt`, `le`, `gt`, `ge`.

use std::cmp::Ordering;

use super::machine::Slot;
use super::print::plain;
use super::value::Value;

const BAD_TYPE: &str = "invalid type for comparison";

type Compared = Result<Slot, String>;

fn answer(is_true: bool) -> Compared {
    Ok(Slot::Plain(Value::Bool(is_true)))
}

/// True when the first equals any of the others.
pub fn eq(arguments: Vec<Slot>) -> Compared {
    let mut values = arguments.into_iter().map(Slot::value);
    let first = values.next().unwrap_or(Value::Nil);
    if values.len() == 0 {
        return Err("missing argument for comparison".to_owned());
    }
    for other in values {
        if equal(&first, &other)? {
            return answer(true);
        }
    }
    answer(false)
}

/// True when the two differ.
pub fn ne(arguments: Vec<Slot>) -> Compared {
    let [first, second] = pair(arguments);
    answer(!equal(&first, &second)?)
}

/// True when the first is less.
pub fn lt(arguments: Vec<Slot>) -> Compared {
    let [first, second] = pair(arguments);
    answer(order(&first, &second)? == Some(Ordering::Less))
}

/// True when the first is less or equal.
pub fn le(arguments: Vec<Slot>) -> Compared {
    let [first, second] = pair(arguments);
    answer(matches!(order(&first, &second)?, Some(Ordering::Less | Ordering::Equal)))
}

/// True when the first is greater.
pub fn gt(arguments: Vec<Slot>) -> Compared {
    let [first, second] = pair(arguments);
    answer(!matches!(order(&first, &second)?, Some(Ordering::Less | Ordering::Equal)))
}

/// True when the first is greater or equal.
pub fn ge(arguments: Vec<Slot>) -> Compared {
    let [first, second] = pair(arguments);
    answer(order(&first, &second)? != Some(Ordering::Less))
}

fn pair(arguments: Vec<Slot>) -> [Value; 2] {
    let mut values = arguments.into_iter().map(Slot::value);
    [values.next().unwrap_or(Value::Nil), values.next().unwrap_or(Value::Nil)]
}

fn incompatible(first: &Value, second: &Value) -> String {
    format!("incompatible types for comparison: {} and {}", first.type_name(), second.type_name())
}

fn equal(first: &Value, second: &Value) -> Result<bool, String> {
    Ok(match (first, second) {
        (Value::Nil, Value::Nil) => true,
        (Value::Nil, _) | (_, Value::Nil) => false,
        (Value::Bool(first), Value::Bool(second)) => first == second,
        (Value::Float(first), Value::Float(second)) => first == second,
        (Value::Text(first), Value::Text(second)) => first == second,
        (Value::List(_), Value::List(_)) | (Value::Map(_), Value::Map(_)) => {
            return Err(format!("non-comparable type {}: {}", plain(second), second.type_name()));
        }
        (
            Value::List(_) | Value::Map(_) | Value::Stream(_),
            Value::List(_) | Value::Map(_) | Value::Stream(_),
        ) => {
            let (left, right) = (first.type_name(), second.type_name());
            return Err(format!("non-comparable types {}: {left}, {right}: {}", plain(first), plain(second)));
        }
        (_, _) => match (whole(first), whole(second)) {
            (Some(first), Some(second)) => first == second,
            (Some(_) | None, _) => return Err(incompatible(first, second)),
        },
    })
}

fn order(first: &Value, second: &Value) -> Result<Option<Ordering>, String> {
    let is_basic = |value: &Value| {
        matches!(value, Value::Bool(_) | Value::Int(_) | Value::Byte(_) | Value::Float(_) | Value::Text(_))
    };
    if !is_basic(first) || !is_basic(second) {
        return Err(BAD_TYPE.to_owned());
    }
    match (first, second) {
        (Value::Bool(_), Value::Bool(_)) => Err(BAD_TYPE.to_owned()),
        (Value::Float(first), Value::Float(second)) => Ok(first.partial_cmp(second)),
        (Value::Text(first), Value::Text(second)) => Ok(Some(first.cmp(second))),
        (_, _) => match (whole(first), whole(second)) {
            (Some(first), Some(second)) => Ok(Some(first.cmp(&second))),
            (Some(_) | None, _) => Err(incompatible(first, second)),
        },
    }
}

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Int(value) => Some(*value),
        Value::Byte(value) => Some(i64::from(*value)),
        Value::Nil
        | Value::Bool(_)
        | Value::Float(_)
        | Value::Text(_)
        | Value::List(_)
        | Value::Map(_)
        | Value::Stream(_) => None,
    }
}

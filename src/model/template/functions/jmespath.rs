//! `jmespath`: the part of the language that picks: names, places, projections, pipes.

use super::super::value::Value;
use super::texts::{at, plain};

type Result<T = Value> = std::result::Result<T, String>;

/// `jmespath EXPRESSION`.
pub fn search(arguments: &[Value]) -> Result {
    let mut found = at(arguments, 1).clone();
    for stage in plain(arguments, 0).split('|') {
        let steps = parse(stage.trim()).map_err(|error| format!("JmesPath compileerror: {error}"))?;
        found = pick(&found, &steps);
    }
    Ok(found)
}

#[derive(Debug, PartialEq, Eq)]
enum Step {
    Name(String),
    Place(i64),
    EachItem,
    Flatten,
    EachValue,
}

fn parse(expression: &str) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = expression;
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let (place, behind) = inner.split_once(']').ok_or("a bracket is not closed")?;
            steps.push(match place {
                "" => Step::Flatten,
                "*" => Step::EachItem,
                number => Step::Place(number.parse().map_err(|_| unknown(expression))?),
            });
            rest = behind;
            continue;
        }
        let word = if steps.is_empty() {
            rest
        } else {
            rest.strip_prefix('.').ok_or_else(|| unknown(expression))?
        };
        if let Some(behind) = word.strip_prefix('*') {
            steps.push(Step::EachValue);
            rest = behind;
        } else if let Some(quoted) = word.strip_prefix('"') {
            let (name, behind) = quoted.split_once('"').ok_or("a quote is not closed")?;
            steps.push(Step::Name(name.to_owned()));
            rest = behind;
        } else {
            let length = word
                .find(|letter: char| letter != '_' && !letter.is_ascii_alphanumeric())
                .unwrap_or(word.len());
            let (name, behind) = word.split_at(length);
            if name.is_empty() && word.starts_with('@') && steps.is_empty() {
                rest = &word[1..];
                continue;
            }
            if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
                return Err(unknown(expression));
            }
            steps.push(Step::Name(name.to_owned()));
            rest = behind;
        }
    }
    Ok(steps)
}

fn unknown(expression: &str) -> String {
    format!("only names, places, projections and pipes are known, not {expression:?}")
}

fn pick(value: &Value, steps: &[Step]) -> Value {
    let Some((step, rest)) = steps.split_first() else { return value.clone() };
    let each = |items: &[Value]| {
        let picked = items.iter().map(|item| pick(item, rest));
        Value::list(picked.filter(|item| !matches!(item, Value::Nil)).collect())
    };
    match (step, value) {
        (Step::Name(name), Value::Map(map)) => map.named(name).map_or(Value::Nil, |found| pick(found, rest)),
        (Step::Place(place), Value::List(items)) => {
            let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
            let index = usize::try_from(if *place < 0 { length + place } else { *place });
            index.ok().and_then(|index| items.get(index)).map_or(Value::Nil, |found| pick(found, rest))
        }
        (Step::EachItem, Value::List(items)) => each(items),
        (Step::Flatten, Value::List(items)) => {
            let mut flat = Vec::new();
            for item in items.iter() {
                if let Value::List(inner) = item {
                    flat.extend(inner.iter().cloned());
                } else {
                    flat.push(item.clone());
                }
            }
            each(&flat)
        }
        (Step::EachValue, Value::Map(map)) => each(&map.entries.values().cloned().collect::<Vec<_>>()),
        (Step::Name(_) | Step::Place(_) | Step::EachItem | Step::Flatten | Step::EachValue, _) => Value::Nil,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::json::{from_json, to_json};
    use super::*;

    fn found(expression: &str) -> Result<String> {
        let data = from_json(r#"{"a": [{"b": 1}, {"b": 2}, {"c": 3}], "m": {"x": [1, [2]], "a b": null}}"#)?;
        to_json(&search(&[Value::text(expression), data])?)
    }

    #[test]
    fn what_picks_is_known() {
        for (expression, wanted) in [
            ("a[0].b", "1"),
            ("a[-1]", r#"{"c":3}"#),
            ("a[*].b", "[1,2]"),
            ("a[].b | [1]", "2"),
            ("m.x[]", "[1,2]"),
            ("m.\"a b\"", "null"),
            ("a.b", "null"),
        ] {
            assert_eq!(found(expression).as_deref(), Ok(wanted), "{expression}");
        }
    }

    #[test]
    fn what_computes_is_refused() {
        for expression in ["length(a)", "a[?b]", "a[0", "{x: a}", "a..b"] {
            assert!(found(expression).is_err(), "{expression}");
        }
    }
}

//! Functions on structured data.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::super::json::{from_json, from_yaml, to_json, to_yaml};
use super::super::session::Session;
use super::super::value::{Map, Value};
use super::files::read;
use super::texts::{at, plain};

type Result<T = Value> = std::result::Result<T, String>;

/// `json FILE`.
pub fn json(session: &mut Session<'_>, arguments: &[Value]) -> Result {
    from_json(&read(session, at(arguments, 0))?)
}

/// `yaml FILE`.
pub fn yaml(session: &mut Session<'_>, arguments: &[Value]) -> Result {
    from_yaml(&read(session, at(arguments, 0))?)
}

/// `tojson VALUE`.
pub fn tojson(arguments: &[Value]) -> Result {
    to_json(at(arguments, 0)).map(Value::text)
}

/// `toyaml VALUE`.
pub fn toyaml(arguments: &[Value]) -> Result {
    Ok(Value::text(to_yaml(at(arguments, 0))))
}

/// `base64enc FILE`.
pub fn base64enc(session: &mut Session<'_>, arguments: &[Value]) -> Result {
    Ok(Value::text(STANDARD.encode(read(session, at(arguments, 0))?)))
}

/// `base64dec FILE`; line breaks in it are passed over.
pub fn base64dec(session: &mut Session<'_>, arguments: &[Value]) -> Result {
    let text = read(session, at(arguments, 0))?.replace(['\n', '\r'], "");
    let bytes = STANDARD.decode(text).map_err(|error| format!("illegal base64 data: {error}"))?;
    Ok(Value::text(String::from_utf8_lossy(&bytes)))
}

/// `pointer /a/0/b`: what a JSON pointer leads to in a map; nil when it leads nowhere.
pub fn pointer(arguments: &[Value]) -> Result {
    let path = plain(arguments, 0);
    let Value::Map(map) = at(arguments, 1) else { return Err("pointer needs a map type".to_owned()) };
    let mut found = Value::Map(if map.is_loose { tightened(map)? } else { Arc::clone(map) });
    let mut letters = path.chars();
    if letters.next().is_none() {
        return Ok(found);
    }
    for part in letters.as_str().split('/') {
        let next = if let Value::Map(map) = &found {
            // Maps of YAML below the first are not looked into, as sigil does not.
            if map.is_loose { None } else { map.named(&part.replace("~1", "/").replace("~0", "~")).cloned() }
        } else if let Value::List(items) = &found {
            part.parse::<usize>().ok().and_then(|index| items.get(index)).cloned()
        } else {
            None
        };
        found = next.unwrap_or(Value::Nil);
    }
    Ok(found)
}

fn tightened(map: &Map) -> Result<Arc<Map>> {
    let mut pairs = Vec::new();
    for (key, value) in &map.entries {
        let Value::Text(name) = key.value() else {
            let name = key.value().type_name();
            return Err(format!("interface conversion: interface {{}} is {name}, not string"));
        };
        pairs.push((name.to_string(), value.clone()));
    }
    Ok(Arc::new(Map::of_texts(pairs)))
}

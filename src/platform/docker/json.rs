//! Reading the engine's JSON leniently: nulls are empty, unknown keys and values pass, so that neither
//! an older nor a newer engine stops us.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

/// `null` as the type's default: Go writes it for an empty list or map.
pub fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(from: D) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(from)?.unwrap_or_default())
}

/// The keys of a map that the engine uses as a set.
pub fn keys<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let map = Option::<serde_json::Map<String, serde_json::Value>>::deserialize(from)?;
    let mut keys: Vec<String> = map.unwrap_or_default().into_iter().map(|(key, _)| key).collect();
    keys.sort_unstable();
    Ok(keys)
}

/// A time; none for Go's zero time or an empty text.
pub fn time<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(from)?.unwrap_or_default();
    Ok(text.parse().ok().filter(|_| !text.starts_with("0001-")))
}

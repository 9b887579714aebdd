//! Objects that are objects in the file too: what serde derives would take a list for one as well.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

/// A type that serde derived with `remote = "Self"`.
pub trait Object: Sized {
    /// Reads it from whatever the derived code accepts.
    ///
    /// # Errors
    /// When a value in it is of another type than its key has.
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error>;
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::read(MapAccessDeserializer::new(map))
    }
}

/// Reads an object and nothing else.
///
/// # Errors
/// When something else stands there, or in it.
pub fn only<'de, D: Deserializer<'de>, T: Object>(from: D) -> Result<T, D::Error> {
    from.deserialize_map(ObjectVisitor(PhantomData))
}

/// Makes types readable that serde derived with `remote = "Self"`: from objects only.
macro_rules! objects {
    ($($name:ident),+ $(,)?) => { $(
        impl $crate::model::app_json::object::Object for $name {
            fn read<'de, D: serde::de::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                <$name>::deserialize(from)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::de::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                $crate::model::app_json::object::only(from)
            }
        }
    )+ };
}
pub(super) use objects;

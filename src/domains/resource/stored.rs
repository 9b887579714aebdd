//! What is stored: a value by process type, kind and resource (contract: layout.md, resource keys).

use crate::kernel::{Ctx, Result};
use crate::model::{AppName, Scope};
use crate::store::properties;

use super::DOMAIN;

/// Stands for all process types.
pub const ALL: &str = "_default_";

/// Stands for the build of an app, among process types.
pub const BUILD: &str = "build";

/// What of a resource is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The most that a container may take.
    Limit,
    /// What it is sure to get.
    Reserve,
}

impl Kind {
    /// Its name in keys.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Limit => "limit",
            Kind::Reserve => "reserve",
        }
    }

    /// Its name in sentences.
    pub fn noun(self) -> &'static str {
        match self {
            Kind::Limit => "limits",
            Kind::Reserve => "reservation",
        }
    }

    /// Under which key a resource of a process type is stored.
    pub fn key(self, process_type: &str, resource: &str) -> String {
        format!("{process_type}.{}.{resource}", self.word())
    }
}

/// The value for a process type, else that for all.
///
/// # Errors
/// When it cannot be read.
pub fn effective(
    ctx: &Ctx,
    app: &AppName,
    process_type: &str,
    kind: Kind,
    resource: &str,
) -> Result<Option<String>> {
    match own(ctx, app, process_type, kind, resource)? {
        Some(value) => Ok(Some(value)),
        None => own(ctx, app, ALL, kind, resource),
    }
}

/// The value for a process type alone.
///
/// # Errors
/// When it cannot be read.
pub fn own(
    ctx: &Ctx,
    app: &AppName,
    process_type: &str,
    kind: Kind,
    resource: &str,
) -> Result<Option<String>> {
    let key = kind.key(process_type, resource);
    Ok(properties::get(ctx.layout(), DOMAIN.plugin, &Scope::from(app), &key)?
        .filter(|value| !value.is_empty()))
}

/// A size without a unit is in megabytes, where `docker run` would take bytes.
pub fn for_docker(resource: &str, value: &str) -> String {
    let units = ["b", "k", "m", "g", "B"];
    if resource == "memory" && !units.iter().any(|unit| value.ends_with(unit)) {
        return format!("{value}m");
    }
    value.to_owned()
}

/// True where an environment asks for containers without limits, as tools that only look at an image do.
pub fn is_omitted(ctx: &Ctx) -> bool {
    ctx.env.get("DOKKU_OMIT_RESOURCE_ARGS") == Some("1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_without_a_unit_is_megabytes() {
        assert_eq!(for_docker("memory", "512"), "512m");
        assert_eq!(for_docker("memory", "512MB"), "512MB");
        assert_eq!(for_docker("memory", "1g"), "1g");
        assert_eq!(for_docker("memory-swap", "512"), "512");
        assert_eq!(for_docker("cpu", "1.5"), "1.5");
    }
}

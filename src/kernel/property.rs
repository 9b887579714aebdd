//! Settings of a domain as a table, and the `NAME:set` made from it
//! (contract: properties.yaml, conventions).

use super::command::BoxFuture;
use super::ctx::Ctx;
use super::domain::Domain;
use super::failure::{Failure, Result};
use crate::model::{Fault, Outcome, Scope};
use crate::store::properties;

/// For what a property can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// For an app only.
    App,
    /// For all apps at once only.
    Global,
    /// For both; the app's value wins.
    Both,
    /// For nothing: a deploy writes it, for an app. Who tries is told so, and no harm is done.
    ReadOnly,
}

impl Holds {
    fn allows(self, scope: &Scope) -> bool {
        match (self, scope) {
            (Holds::App, Scope::App(_)) | (Holds::Global, Scope::Global) | (Holds::Both, _) => true,
            (Holds::App, Scope::Global) | (Holds::Global, Scope::App(_)) => false,
            (Holds::ReadOnly, _) => true,
        }
    }
}

/// One setting.
pub struct Property {
    /// The word behind `:set`.
    pub key: &'static str,
    /// For what it can be set.
    pub holds: Holds,
    /// What holds when it is not set; shown as the computed value.
    pub default: &'static str,
    /// Refuses values that make no sense.
    pub check: fn(&str) -> Outcome,
    /// What it does, for help and reference.
    pub about: &'static str,
}

impl Property {
    /// A setting for apps and for all of them, without check.
    pub const fn both(key: &'static str, default: &'static str, about: &'static str) -> Self {
        Property { key, holds: Holds::Both, default, check: any, about }
    }

    /// A setting for all apps at once only, without check.
    pub const fn global(key: &'static str, default: &'static str, about: &'static str) -> Self {
        Property { holds: Holds::Global, ..Self::both(key, default, about) }
    }

    /// A setting for an app only, without check.
    pub const fn app(key: &'static str, default: &'static str, about: &'static str) -> Self {
        Property { holds: Holds::App, ..Self::both(key, default, about) }
    }

    /// The same with a check.
    #[must_use]
    pub const fn checked(self, check: fn(&str) -> Outcome) -> Self {
        Property { check, ..self }
    }
}

/// A check for switches.
///
/// # Errors
/// For anything but `true` and `false`.
pub fn switch(value: &str) -> Outcome {
    match value {
        "true" | "false" => Ok(()),
        other => Err(Fault::new(format!("Invalid value \"{other}\": must be true or false"))),
    }
}

/// A check that lets everything pass.
///
/// # Errors
/// Never.
pub fn any(_: &str) -> Outcome {
    Ok(())
}

/// In which words `:set` refuses: Dokku has two families (properties.yaml, set_errors).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// The words of its compiled plugins.
    Go,
    /// The words of its shell plugins.
    Shell,
    /// The words of `builds:set` alone.
    Builds,
    /// The words of its shell plugins, keys apart by spaces: proxies other than nginx.
    Proxy,
    /// Those of the compiled plugins, but for what only holds for all apps: `logs:set` names it.
    Logs,
}

/// What runs after a value was written.
pub type AfterSet = fn(Ctx, Scope, &'static str, String) -> BoxFuture<Result>;

/// All settings of a domain.
pub struct Properties {
    /// The folder in the property store.
    pub plugin: &'static str,
    /// In which words `:set` refuses.
    pub style: Style,
    /// The settings, alphabetical.
    pub list: &'static [Property],
    /// What runs after a value was written, if anything.
    pub after_set: Option<AfterSet>,
}

impl Properties {
    /// The default of a key; empty for an unknown one.
    pub fn default_of(&self, key: &str) -> &'static str {
        self.list.iter().find(|property| property.key == key).map_or("", |property| property.default)
    }

    /// The effective value: app, else global, else default.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn computed(&self, ctx: &Ctx, scope: &Scope, key: &str) -> Result<String> {
        Ok(properties::computed(ctx.layout(), self.plugin, scope, key, self.default_of(key))?)
    }

    fn keys(&self, holds: impl Fn(&Property) -> bool) -> String {
        let mut keys: Vec<_> =
            self.list.iter().filter(|property| holds(property)).map(|property| property.key).collect();
        keys.sort_unstable();
        keys.join(", ")
    }
}

/// `NAME:set [--global|<app>] <key> [<value>]`: an empty or missing value deletes the property.
///
/// # Errors
/// App not there, key not known, key not for this scope, value refused.
pub async fn set(domain: &'static Domain, table: &'static Properties, words: &[String], ctx: &Ctx) -> Result {
    let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| !is_global_flag(word)).collect();
    let scope = match words.first() {
        None | Some(&"") => return Err(Failure::user("Please specify an app to run the command on")),
        Some(&"--global") => Scope::Global,
        Some(name) => {
            let app = name.parse()?;
            ctx.require_app(&app)?;
            Scope::App(app)
        }
    };
    let key = words.get(1).copied().unwrap_or_default();
    let value = words.get(2).copied().unwrap_or_default();
    let property = find(table, &scope, key)?;
    if property.holds == Holds::ReadOnly {
        ctx.out.warn(format!("{key} is a read-only property"));
        return Ok(());
    }
    if !value.is_empty() {
        (property.check)(value)?;
    }
    let out = ctx.out.unless_quiet();
    if value.is_empty() {
        out.heading(format!("Unsetting {key}"));
        properties::unset(ctx.layout(), table.plugin, &scope, property.key)?;
    } else {
        out.heading(format!("Setting {key} to {value}"));
        properties::set(ctx.layout(), table.plugin, &scope, property.key, value)?;
        if let Some(why) = domain.why_idle(property.key) {
            ctx.out.warn(format!("{key} is kept, and has no effect: {why}"));
        }
    }
    ctx.out.debug(format!("{}: {} of {scope} is now {value:?}", domain.name, property.key));
    match table.after_set {
        Some(after) => after(ctx.clone(), scope, property.key, value.to_owned()).await,
        None => Ok(()),
    }
}

/// `--quiet` and its like may stand anywhere on the line (`dokku apps:set x key value --quiet`).
pub fn is_global_flag(word: &str) -> bool {
    matches!(word, "--quiet" | "--trace" | "--force")
}

fn find(table: &'static Properties, scope: &Scope, key: &str) -> Result<&'static Property> {
    let found = table.list.iter().find(|property| property.key == key);
    match (table.style, found) {
        (_, Some(property)) if property.holds.allows(scope) => Ok(property),
        (Style::Builds, _) => {
            Err(Failure::user(format!("Invalid property \"{key}\" (allowed: {})", table.keys(|_| true))))
        }
        (Style::Go | Style::Logs, Some(_)) if *scope == Scope::Global => {
            Err(Failure::user("Property cannot be specified globally"))
        }
        (Style::Go, Some(_)) => Err(Failure::user("Property can only be specified globally")),
        (Style::Logs, Some(_)) => Err(Failure::user(format!("{key} may only be set globally with --global"))),
        (Style::Go | Style::Logs, None) if key.is_empty() => Err(Failure::user("No property specified")),
        (Style::Go | Style::Logs, None) => Err(Failure::user(format!(
            "Invalid property specified, valid properties include: {}",
            table.keys(|_| true)
        ))),
        (Style::Shell | Style::Proxy, Some(_)) if *scope == Scope::Global => {
            Err(Failure::user(format!("The key '{key}' cannot be set globally")))
        }
        (Style::Shell | Style::Proxy, Some(_)) => {
            Err(Failure::user(format!("The key '{key}' can only be set globally")))
        }
        (Style::Shell | Style::Proxy, None) if key.is_empty() => Err(Failure::user("No key specified")),
        (Style::Shell, None) => Err(Failure::user(format!(
            "Invalid key specified, valid keys include: {}",
            table.keys(|property| property.holds.allows(scope))
        ))),
        (Style::Proxy, None) => Err(Failure::user(format!(
            "Invalid key specified, valid keys include: {}",
            table.keys(|_| true).replace(", ", " ")
        ))),
    }
}

//! For which process types checks are off: two lists, separated by commas; `_all_` stands for all types.

use crate::kernel::{Ctx, Result};
use crate::model::{AppName, Scope};
use crate::store::properties;

const ALL: &str = "_all_";

/// The two lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// The old containers stop before the new ones start.
    Disabled,
    /// The new containers are not checked.
    Skipped,
}

impl List {
    fn key(self) -> &'static str {
        match self {
            List::Disabled => "disabled",
            List::Skipped => "skipped",
        }
    }

    fn other(self) -> List {
        match self {
            List::Disabled => List::Skipped,
            List::Skipped => List::Disabled,
        }
    }

    /// What is stored.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn text(self, ctx: &Ctx, app: &AppName) -> Result<String> {
        Ok(properties::get(ctx.layout(), "checks", &Scope::from(app), self.key())?.unwrap_or_default())
    }

    fn read(self, ctx: &Ctx, app: &AppName) -> Result<Vec<String>> {
        let text = self.text(ctx, app)?;
        Ok(text.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect())
    }

    fn write(self, ctx: &Ctx, app: &AppName, names: &[String]) -> Result {
        let (layout, scope) = (ctx.layout(), Scope::from(app));
        match names {
            [] => properties::unset(layout, "checks", &scope, self.key())?,
            names => properties::set(layout, "checks", &scope, self.key(), &names.join(","))?,
        }
        Ok(())
    }
}

/// The process types of a command's argument; `None` is all.
pub fn named(argument: Option<&str>) -> Option<Vec<String>> {
    match argument {
        None | Some("" | ALL) => None,
        Some(text) => {
            Some(text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect())
        }
    }
}

/// Puts process types on one list and takes them off the other.
///
/// # Errors
/// When the store cannot be read or written.
pub fn put(ctx: &Ctx, app: &AppName, list: List, names: Option<&[String]>) -> Result {
    let _lock = properties::locked(ctx.layout(), "checks", &Scope::from(app))?;
    let Some(names) = names else {
        list.write(ctx, app, &[ALL.to_owned()])?;
        return list.other().write(ctx, app, &[]);
    };
    let mut on = list.read(ctx, app)?;
    on.retain(|name| name != ALL);
    for name in names {
        if !on.contains(name) {
            on.push(name.clone());
        }
    }
    let mut off = list.other().read(ctx, app)?;
    off.retain(|name| !names.contains(name));
    list.write(ctx, app, &on)?;
    list.other().write(ctx, app, &off)
}

/// Takes process types off both lists.
///
/// # Errors
/// When the store cannot be read or written.
pub fn clear(ctx: &Ctx, app: &AppName, names: Option<&[String]>) -> Result {
    let _lock = properties::locked(ctx.layout(), "checks", &Scope::from(app))?;
    for list in [List::Disabled, List::Skipped] {
        let mut on = list.read(ctx, app)?;
        on.retain(|name| names.is_some_and(|names| !names.contains(name)));
        list.write(ctx, app, &on)?;
    }
    Ok(())
}

//! What limit-clear and reserve-clear share.

use crate::kernel::{Ctx, Result};
use crate::model::{AppName, Scope};
use crate::store::properties;

use super::DOMAIN;
use super::stored::{ALL, Kind};
use super::values::RESOURCES;

/// Which values are to go.
#[derive(clap::Args)]
pub struct Part {
    /// Only those of this process type; all that is stored without
    #[arg(long, value_name = "TYPE")]
    process_type: Option<String>,
    /// Name of the app
    app: AppName,
}

impl Part {
    /// Removes them. Without a process type limits and reservations of all go, as in Dokku 0.38.
    ///
    /// # Errors
    /// The app is not there, or the store cannot be written.
    pub fn clear(&self, ctx: &Ctx, kind: Kind) -> Result {
        ctx.require_app(&self.app)?;
        let process_type = self.process_type.as_deref().filter(|name| !name.is_empty());
        let whose = process_type.filter(|name| *name != ALL).map(|name| format!(" ({name})"));
        let heading = format!("clearing {} {}{}", self.app, kind.noun(), whose.unwrap_or_default());
        ctx.out.unless_quiet().heading(heading);
        let (layout, scope) = (ctx.layout(), Scope::from(&self.app));
        let _lock = properties::locked(layout, DOMAIN.plugin, &scope)?;
        let keys = match process_type {
            None => properties::keys(layout, DOMAIN.plugin, &scope)?,
            Some(name) => RESOURCES.iter().map(|resource| kind.key(name, resource)).collect(),
        };
        for key in keys {
            properties::unset(layout, DOMAIN.plugin, &scope, &key)?;
        }
        Ok(())
    }
}

//! What makes one of these proxies another than the next.

use crate::kernel::{Ctx, Properties, Result};
use crate::model::AppName;

use super::Web;

/// A proxy in a container of its own.
pub trait LabelProxy: Send + Sync + 'static {
    /// What is fixed about it.
    const TABLE: &'static Table;

    /// Asks plugins for another compose template: its path, or nothing.
    fn template_source(ctx: &Ctx) -> impl Future<Output = Result<String>> + Send;

    /// What the compose template is told besides what all of these are ([`super::variables`]).
    ///
    /// # Errors
    /// When a setting cannot be read.
    fn variables(ctx: &Ctx) -> Result<Vec<(&'static str, String)>>;

    /// What a web container of the app has to bear, in order.
    fn labels(ctx: &Ctx, web: &Web) -> impl Future<Output = Result<Vec<(String, String)>>> + Send;

    /// What is to be said of an app that was deployed.
    ///
    /// # Errors
    /// When a setting cannot be read.
    fn note(_: &Ctx, _: &AppName) -> Result {
        Ok(())
    }
}

/// What is fixed about a proxy.
pub struct Table {
    /// What `proxy:set APP type` calls it; also the folder of its properties, and compose's project and service.
    pub name: &'static str,
    /// What its commands are called.
    pub commands: Commands,
    /// Its settings.
    pub properties: &'static Properties,
    /// Its compose file, as a sigil template.
    pub template: &'static str,
    /// Where it keeps what it needs again, below the folder of plugins' data.
    pub data: &'static str,
    /// What begins the names of its template's variables: `CADDY`.
    pub prefix: &'static str,
}

/// What its commands are called, as the user types them.
#[allow(missing_docs, reason = "each field is the command of that name")]
pub struct Commands {
    pub labels_add: &'static str,
    pub labels_remove: &'static str,
    pub labels_show: &'static str,
    pub logs: &'static str,
    pub show_config: &'static str,
    pub start: &'static str,
    pub stop: &'static str,
}

/// The commands of the proxy of this name: `commands!("caddy")`.
macro_rules! commands {
    ($name:literal) => {
        $crate::deploy::proxies::Commands {
            labels_add: concat!($name, ":labels:add"),
            labels_remove: concat!($name, ":labels:remove"),
            labels_show: concat!($name, ":labels:show"),
            logs: concat!($name, ":logs"),
            show_config: concat!($name, ":show-config"),
            start: concat!($name, ":start"),
            stop: concat!($name, ":stop"),
        }
    };
}
pub(crate) use commands;

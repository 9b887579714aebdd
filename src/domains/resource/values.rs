//! The flags that limit and reserve share.

use crate::kernel::{Ctx, Result};
use crate::model::{AppName, Scope};
use crate::store::properties;

use super::DOMAIN;
use super::stored::{self, ALL, Kind};

/// All resources, in the order in which they are shown.
pub const RESOURCES: [&str; 7] =
    ["cpu", "memory", "memory-swap", "network", "network-ingress", "network-egress", "nvidia-gpu"];

/// What removes a value.
const CLEAR: &str = "clear";

/// A value for each resource that was named.
#[derive(clap::Args)]
pub struct Values {
    /// Only for this process type; `build` means the app's builds
    #[arg(long, value_name = "TYPE")]
    process_type: Option<String>,
    /// Processors: 0.5, 2
    #[arg(long, value_name = "COUNT", allow_hyphen_values = true)]
    cpu: Option<String>,
    /// Memory: 512m, 1g; megabytes without a unit
    #[arg(long, value_name = "SIZE", allow_hyphen_values = true)]
    memory: Option<String>,
    /// Memory and swap together, with a unit: 1g; -1 for swap without end
    #[arg(long, value_name = "SIZE", allow_hyphen_values = true)]
    memory_swap: Option<String>,
    /// Network, both ways; for schedulers that know it
    #[arg(long, value_name = "RATE", allow_hyphen_values = true)]
    network: Option<String>,
    /// Network, inwards; for schedulers that know it
    #[arg(long, value_name = "RATE", allow_hyphen_values = true)]
    network_ingress: Option<String>,
    /// Network, outwards; for schedulers that know it
    #[arg(long, value_name = "RATE", allow_hyphen_values = true)]
    network_egress: Option<String>,
    /// Graphics processors of Nvidia: 1, all
    #[arg(long, value_name = "COUNT", allow_hyphen_values = true)]
    nvidia_gpu: Option<String>,
    /// Name of the app
    app: AppName,
}

impl Values {
    fn named(&self) -> Vec<(&'static str, &str)> {
        let values = [
            &self.cpu,
            &self.memory,
            &self.memory_swap,
            &self.network,
            &self.network_ingress,
            &self.network_egress,
            &self.nvidia_gpu,
        ];
        let given = RESOURCES.into_iter().zip(values);
        given
            .filter_map(|(name, value)| Some((name, value.as_deref()?)))
            .filter(|(_, value)| !value.is_empty())
            .collect()
    }

    /// Stores the values that were given; shows all of them where none was.
    ///
    /// # Errors
    /// The app is not there, a value means nothing to the engine, or the store cannot be written.
    pub fn set(&self, ctx: &Ctx, kind: Kind) -> Result {
        ctx.require_app(&self.app)?;
        let process_type = self.process_type.as_deref().filter(|name| !name.is_empty()).unwrap_or(ALL);
        let named = self.named();
        if named.is_empty() {
            return self.show(ctx, kind, process_type);
        }
        let (layout, scope) = (ctx.layout(), Scope::from(&self.app));
        let _lock = properties::locked(layout, DOMAIN.plugin, &scope)?;
        let whose = if process_type == ALL { String::new() } else { format!(" ({process_type})") };
        let heading = format!("Setting resource {} for {}{whose}", kind.noun(), self.app);
        ctx.out.unless_quiet().heading(heading);
        for (resource, value) in named {
            let key = kind.key(process_type, resource);
            if value == CLEAR {
                ctx.out.detail(format!("{resource}: cleared"));
                properties::unset(layout, DOMAIN.plugin, &scope, &key)?;
            } else {
                ctx.out.detail(format!("{resource}: {value}"));
                properties::set(layout, DOMAIN.plugin, &scope, &key, value)?;
            }
        }
        Ok(())
    }

    fn show(&self, ctx: &Ctx, kind: Kind, process_type: &str) -> Result {
        let whose = if process_type == ALL { "[defaults]".to_owned() } else { format!("({process_type})") };
        let heading = format!("resource {} {} information {whose}", kind.noun(), self.app);
        ctx.out.unless_quiet().heading(heading);
        for resource in RESOURCES {
            let value = stored::own(ctx, &self.app, process_type, kind, resource)?.unwrap_or_default();
            ctx.out.detail(format!("{resource}: {value}"));
        }
        Ok(())
    }
}

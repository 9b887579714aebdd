use super::change::{change, missing, require_distinct};
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::{AppName, PortMap};

/// Replace all port mappings of an app
#[derive(clap::Args)]
pub struct Set {
    /// Name of the app
    app: AppName,
    /// The mappings from now on, as ports:add takes them
    #[arg(value_name = "PORT_MAP")]
    maps: Vec<PortMap>,
}

impl Command for Set {
    const NAME: &'static str = "ports:set";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        if self.maps.is_empty() {
            return Err(missing());
        }
        require_distinct(&self.maps, "port mappings")?;
        change(ctx, &self.app, "set", |_| Ok(self.maps.clone())).await
    }
}

use super::change::{change, missing, require_distinct};
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::{AppName, PortMap};

/// Add port mappings to an app
///
/// The proxy answers on them at once. A mapping is `<scheme>:<host-port>[/<path>]:[<process-type>:]<container-port>`; schemes
/// are http, https, grpc, grpcs, tcp, tls+tcp and udp. From the first mapping of a whole port to web on, detected ports no
/// longer count; those to a path or to another process type (`http:80/ws:worker:3000`) stand beside them.
#[derive(clap::Args)]
pub struct Add {
    /// Name of the app
    app: AppName,
    /// Mappings to add, as http:80:5000
    #[arg(value_name = "PORT_MAP")]
    maps: Vec<PortMap>,
}

impl Command for Add {
    const NAME: &'static str = "ports:add";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        if self.maps.is_empty() {
            return Err(missing());
        }
        require_distinct(&self.maps, "new port mappings")?;
        change(ctx, &self.app, "add", |mut all| {
            all.extend_from_slice(&self.maps);
            require_distinct(&all, "all port mappings")?;
            Ok(all)
        })
        .await
    }
}

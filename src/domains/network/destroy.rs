use super::facts;
use crate::deploy::networks;
use crate::kernel::{Command, Ctx, Failure, Gate, Result, confirm};

/// Destroy a network
///
/// Asks for the name first, unless `--force` is given. A network that running containers are in stays; the
/// appliance itself leaves it by itself.
#[derive(clap::Args)]
pub struct Destroy {
    /// Do not ask
    #[arg(long)]
    force: bool,
    /// Name of the network
    #[arg(default_value = "")]
    network: String,
}

impl Command for Destroy {
    const NAME: &'static str = "network:destroy";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let name = self.network;
        facts::require(ctx, &name).await?;
        if !self.force {
            confirm::destruction(ctx, "network", &name)?;
        }
        ctx.out.unless_quiet().step(format!("Destroying network {name}"));
        networks::leave(ctx, &name).await?;
        match ctx.platform.docker.remove_network(&name).await {
            Ok(()) => Ok(()),
            Err(error) if error.is_unreachable() => Err(error.into()),
            Err(error) => {
                let known = format!("cannot remove the network {name}: ");
                let words = error.to_string();
                let words = words.strip_prefix(&known).unwrap_or(&words);
                Err(Failure::user(format!("Unable to destroy network: {words}")))
            }
        }
    }
}

use super::facts;
use super::list::Format;
use crate::kernel::{Command, Ctx, Gate, Result, json};

/// Show what a network is
#[derive(clap::Args)]
pub struct Info {
    /// How to print it: text or json
    #[arg(long, default_value = "text")]
    format: String,
    /// Name of the network
    #[arg(default_value = "")]
    network: String,
}

impl Command for Info {
    const NAME: &'static str = "network:info";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let format = Format::of(&self.format)?;
        let network = facts::require(ctx, &self.network).await?;
        match format {
            Format::Json => ctx.out.plain(json::compact(&network)),
            Format::Text => {
                ctx.out.unless_quiet().heading(format!("{} network information", network.name));
                let managed = network.dokku_managed.to_string();
                for (label, value) in [
                    ("ID:", &network.id),
                    ("Name:", &network.name),
                    ("Driver:", &network.driver),
                    ("Scope:", &network.scope),
                    ("Dokku managed:", &managed),
                ] {
                    ctx.out.detail(format!("{label:16}{value}"));
                }
            }
        }
        Ok(())
    }
}

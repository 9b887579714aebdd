use crate::kernel::{Command, Ctx, Failure, Gate, Result, is_global_flag, set};

use super::DOMAIN;
use super::properties::PROPERTIES;

/// Set or clear a logs property, for an app or for all of them
///
/// Where logs are shipped to (vector-sink) reads TYPE://?key=value; TYPE and keys are those of vector's sinks.
#[derive(clap::Args)]
pub struct Set {
    /// `--global` or the name of an app, the property, and its value; without a value it is cleared
    #[arg(value_name = "APP_PROPERTY_VALUE", trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

impl Command for Set {
    const NAME: &'static str = "logs:set";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        // Flags of all commands may stand anywhere between the words.
        let words: Vec<&str> =
            self.words.iter().map(String::as_str).filter(|word| !is_global_flag(word)).collect();
        if let ["--global", "vector-networks", value, ..] = words[..] {
            require_networks(ctx, value).await?;
        }
        set(&DOMAIN, &PROPERTIES, &self.words, ctx).await
    }
}

async fn require_networks(ctx: &Ctx, value: &str) -> Result {
    for name in value.split(',').map(str::trim).filter(|name| !name.is_empty() && *name != "bridge") {
        if let Err(error) = ctx.platform.docker.inspect_network(name).await {
            let failure = Failure::user(format!("Network {name:?} does not exist"));
            return Err(if error.is_not_found() { failure } else { error.into() });
        }
    }
    Ok(())
}

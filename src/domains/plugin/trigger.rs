use crate::kernel::{Command, Ctx, Gate, Input, Result};

/// Fire a trigger, as user dokku
///
/// What listeners print is printed; the first that fails gives the exit status.
#[derive(clap::Args)]
pub struct Trigger {
    /// Name of the trigger
    trigger: String,
    /// Its arguments
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

impl Command for Trigger {
    const NAME: &'static str = "plugin:trigger";
    const GATE: Gate = Gate::RootAsDokku;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.bus.walk(ctx, &self.trigger, self.arguments, &Input::Given, false).await.map(drop)
    }
}

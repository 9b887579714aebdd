use super::{DOMAIN, PROPERTIES};
use crate::kernel::{BoxFuture, Command, Ctx, Gate, Result, set};
use crate::model::Scope;
use crate::triggers;

/// Set or clear a buildpacks property, for an app or for all of them
#[derive(clap::Args)]
pub struct SetProperty {
    /// `--global` or the name of an app, the property, and its value; without a value it is cleared
    #[arg(value_name = "APP_PROPERTY_VALUE", trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

impl Command for SetProperty {
    const NAME: &'static str = "buildpacks:set-property";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        set(&DOMAIN, &PROPERTIES, &self.words, ctx).await
    }
}

/// Another stack makes what builds have kept worthless.
pub fn tell(ctx: Ctx, scope: Scope, _: &'static str, stack: String) -> BoxFuture<Result> {
    Box::pin(async move {
        let scopes = match scope {
            Scope::App(_) => vec![scope],
            Scope::Global => ctx.apps()?.into_iter().map(Scope::App).collect(),
        };
        for scope in scopes {
            ctx.fire(triggers::PostStackSet { scope, stack: stack.clone() }).await?;
        }
        Ok(())
    })
}

use std::marker::PhantomData;

use super::show_config::compose_file;
use super::{LabelProxy, reach};
use crate::deploy::companion;
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::Scope;
use crate::platform::files;
use crate::store::properties;

/// What remembers whether the proxy is to run.
pub(super) const STATUS: &str = "proxy-status";

/// Start the proxy, in a container of its own
///
/// It starts again with the Docker host. One that runs is replaced if its settings have changed since. The ports that
/// it publishes on the host must be free.
#[derive(clap::Args)]
pub struct Start<P: LabelProxy> {
    #[arg(skip)]
    proxy: PhantomData<P>,
}

impl<P: LabelProxy> Command for Start<P> {
    const NAME: &'static str = P::TABLE.commands.start;
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        start::<P>(ctx).await
    }
}

/// Has the proxy run, and brings it together with the apps that it leads to.
///
/// # Errors
/// As [`companion::start`]; then it counts as started or stopped as it did before.
pub(super) async fn start<P: LabelProxy>(ctx: &Ctx) -> Result {
    let name = P::TABLE.name;
    let text = compose_file::<P>(ctx).await?;
    let plan = companion::plan(ctx, name, &text)?;
    files::create_folders(&ctx.layout().data(P::TABLE.data), 0o755)?;
    ctx.out.unless_quiet().step(format!("Starting {name}"));
    let before = properties::get(ctx.layout(), name, &Scope::Global, STATUS)?;
    // Written first: should we be killed, the next start of the appliance finishes this.
    properties::set(ctx.layout(), name, &Scope::Global, STATUS, "started")?;
    let id = match companion::start(ctx, name, &plan).await {
        Ok(started) => started.id,
        Err(failure) => {
            match before {
                Some(status) => properties::set(ctx.layout(), name, &Scope::Global, STATUS, &status)?,
                None => properties::unset(ctx.layout(), name, &Scope::Global, STATUS)?,
            }
            return Err(failure);
        }
    };
    reach::reach_all(ctx, name, &id).await?;
    ctx.out.unless_quiet().detail(format!("{name} runs"));
    Ok(())
}

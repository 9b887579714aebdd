use super::sync;
use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;

/// Write down anew where the containers of an app are reached
///
/// Ends with the number of containers for which that could not be told.
#[derive(clap::Args)]
pub struct Rebuild {
    /// Name of the app
    app: AppName,
}

impl Command for Rebuild {
    const NAME: &'static str = "network:rebuild";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        let unknown = sync::rebuild(ctx, &self.app).await?;
        end_with(unknown)
    }
}

/// The count as exit status, as far as one goes.
pub fn end_with(unknown: usize) -> Result {
    match unknown {
        0 => Ok(()),
        more => Err(Failure::inner(i32::try_from(more).unwrap_or(255).min(255))),
    }
}

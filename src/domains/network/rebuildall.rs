use super::rebuild::end_with;
use super::sync;
use crate::kernel::{Command, Ctx, Gate, Result};

/// Write down anew where the containers of all apps are reached
///
/// Ends with the number of containers for which that could not be told.
#[derive(clap::Args)]
pub struct Rebuildall {}

impl Command for Rebuildall {
    const NAME: &'static str = "network:rebuildall";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let apps = ctx.apps()?;
        if apps.is_empty() {
            ctx.out.warn("You haven't deployed any applications yet");
        }
        let mut unknown = 0;
        for app in apps {
            unknown += sync::rebuild(ctx, &app).await?;
        }
        end_with(unknown)
    }
}

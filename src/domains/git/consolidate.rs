use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::platform::git::Repository;
use crate::store::{apps, repositories};

/// Merge the packs of repositories that have many
///
/// The server runs this now and then: each push leaves a pack of its own, and each look-up asks them all. A push
/// that is on its way comes first; its repository is left for the next time.
#[derive(clap::Args)]
pub struct Consolidate {
    /// Name of the app
    app: Option<AppName>,
}

impl Command for Consolidate {
    const NAME: &'static str = "git:consolidate";
    const GATE: Gate = Gate::Internal;

    async fn run(self, ctx: &Ctx) -> Result {
        let apps = match self.app {
            Some(app) => {
                ctx.require_app(&app)?;
                vec![app]
            }
            None => apps::all(ctx.layout())?,
        };
        let due: Vec<AppName> =
            apps.into_iter().filter(|app| repositories::is_crowded(ctx.layout(), app)).collect();
        for app in due {
            let repository = Repository::open(&ctx.layout().app(&app))?;
            let merged = tokio::task::spawn_blocking(move || repository.consolidate())
                .await
                .map_err(|error| Failure::internal(format!("merging packs ended unexpectedly: {error}")))?;
            match merged {
                Ok(true) => ctx.out.step(format!("Merged the packs of {app}")),
                Ok(false) => {}
                // One broken repository does not keep the others from it.
                Err(fault) => ctx.out.warn(format!("Packs of {app} are left as they are: {fault}")),
            }
        }
        Ok(())
    }
}

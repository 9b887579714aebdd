use super::status;
use crate::kernel::{Command, Ctx, Failure, Gate, Result, all_apps::Apps};
use crate::model::{AppName, ProcessType};
use crate::triggers;

/// Restart an app: replace its containers by new ones of the same image
///
/// Nothing is built. The new containers are checked before the old ones go, as in a deploy.
#[derive(clap::Args)]
pub struct Restart {
    #[command(flatten)]
    apps: Apps,
    /// Only this process type
    process_type: Option<ProcessType>,
}

impl Command for Restart {
    const NAME: &'static str = "ps:restart";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        if self.apps.is_all() && (self.process_type.is_some() || self.apps.is_one()) {
            return Err(Failure::user("Unable to restart all apps when specifying a process name"));
        }
        match self.process_type {
            Some(process_type) => {
                let app = self.apps.one(ctx)?;
                restart(ctx, app, Some(process_type)).await
            }
            None => {
                let apps = self.apps;
                apps.each(ctx, "restart", |ctx, app| Box::pin(async move { restart(&ctx, app, None).await }))
                    .await
            }
        }
    }
}

/// Restarts the app, or one process type of it. An app that has nothing to restart is left alone.
///
/// # Errors
/// Whatever goes wrong in the deploy.
pub async fn restart(ctx: &Ctx, app: AppName, process_type: Option<ProcessType>) -> Result {
    if !status::is_deployed_or_warn(ctx, &app).await? {
        return Ok(());
    }
    ctx.fire(triggers::Deploy { app, image_tag: status::IMAGE_TAG.to_owned(), process_type }).await
}

use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::platform::lock::Lock;
use crate::triggers::{self, scheduler_of};

/// The status that tells a timer that another one is at it (contract: output.md section 2).
const BUSY: i32 = 137;

/// Remove containers and images whose time has come
///
/// Without an app: those of all. Ends with status 137 when another one is at it.
#[derive(clap::Args)]
pub struct Retire {
    /// Name of the app
    app: Option<AppName>,
}

impl Command for Retire {
    const NAME: &'static str = "ps:retire";
    const GATE: Gate = Gate::Internal;

    async fn run(self, ctx: &Ctx) -> Result {
        if let Some(app) = &self.app {
            ctx.require_app(app)?;
        }
        let Some(_lock) = Lock::try_take(&ctx.layout().data("locks").join("ps-retire.lock"))? else {
            ctx.out.warn("Failed to acquire ps:retire lock");
            return Err(Failure::inner(BUSY));
        };
        let scheduler = match &self.app {
            Some(app) => scheduler_of(ctx, app).await?,
            None => ctx.fire(triggers::SchedulerDetect { app: "--global".to_owned() }).await?,
        };
        ctx.out.step("Retiring old containers and images");
        ctx.fire(triggers::SchedulerRetire { scheduler, app: self.app }).await?;
        ctx.out.step("Retiring expired run and cron containers");
        ctx.fire(triggers::SchedulerRunRetire { scheduler: String::new(), app: None }).await
    }
}

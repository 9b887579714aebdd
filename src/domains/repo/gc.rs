use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::platform::git::Repository;

/// Collect the garbage of an app's repository
///
/// All that its references lead to becomes one pack; what nothing has led to for two weeks goes. Branches and tags
/// stay as they are. A push that is on its way comes first.
#[derive(clap::Args)]
pub struct Gc {
    /// Name of the app
    app: AppName,
}

impl Command for Gc {
    const NAME: &'static str = "repo:gc";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        let folder = ctx.layout().app(&self.app);
        if !Repository::exists(&folder) {
            ctx.out.warn(format!("{} has no repository yet: git:initialize or a push makes it", self.app));
            return Ok(());
        }
        let out = ctx.out.unless_quiet();
        out.step(format!("Collecting garbage in the repository of {}", self.app));
        let now = ctx.platform.clock.now().as_second();
        let repository = Repository::open(&folder)?;
        let collected = tokio::task::spawn_blocking(move || repository.collect_garbage(now)).await.map_err(
            |error| Failure::internal(format!("collecting garbage ended unexpectedly: {error}")),
        )??;
        match collected {
            Some(sizes) => {
                out.detail(format!(
                    "{} of objects, {} before",
                    readable(sizes.after),
                    readable(sizes.before)
                ));
                Ok(())
            }
            None => {
                Err(Failure::user(format!("A push to {} is on its way: try again once it is over", self.app)))
            }
        }
    }
}

fn readable(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{bytes} bytes"),
        10_000..10_000_000 => format!("{} kB", bytes / 1000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

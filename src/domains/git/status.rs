use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::platform::git::Repository;

/// Show which branch and commit an app's repository is at
#[derive(clap::Args)]
pub struct Status {
    /// Name of the app
    app: AppName,
}

impl Command for Status {
    const NAME: &'static str = "git:status";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        let folder = ctx.layout().app(&self.app);
        if !Repository::exists(&folder) {
            return Err(Failure::user(format!("App {} has no repository yet", self.app))
                .hint(format!("push to it, or run git:initialize {}", self.app)));
        }
        let repository = Repository::open(&folder)?;
        let branch = repository.head_branch()?.unwrap_or_else(|| "(none)".to_owned());
        ctx.out.plain(format!("On branch {}", branch.strip_prefix("refs/heads/").unwrap_or(&branch)));
        match repository.resolve("HEAD")? {
            None => ctx.out.plain("No commits yet"),
            Some(id) => ctx.out.plain(format!("At commit {id}")),
        }
        Ok(())
    }
}

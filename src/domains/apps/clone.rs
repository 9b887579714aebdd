use super::create::create;
use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::store::{apps, properties};
use crate::triggers::{GitHasCode, PostAppClone, PostAppCloneSetup};

/// Clone an app
///
/// The new app has the same code and settings, and is built at once. Domains, certificates,
/// containers and build records are not copied.
#[derive(clap::Args)]
pub struct Clone {
    /// Do not build the new app
    #[arg(long)]
    skip_deploy: bool,
    /// Do nothing, and do not fail, if the new name is taken
    #[arg(long)]
    ignore_existing: bool,
    /// Name of the app to clone
    old_app: Option<AppName>,
    /// Name of the new app
    new_app: Option<AppName>,
}

impl Command for Clone {
    const NAME: &'static str = "apps:clone";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let (old, new) = names(self.old_app, self.new_app)?;
        ctx.require_app(&old)?;
        if apps::exists(ctx.layout(), &new) {
            if self.ignore_existing {
                ctx.out.warn("Name is already taken");
                return Ok(());
            }
            return Err(Failure::user("Name is already taken"));
        }
        ctx.out.unless_quiet().step(format!("Cloning {old} to {new}"));
        create(ctx, &new).await?;
        copy_properties(ctx, &old, &new)?;
        ctx.fire(PostAppCloneSetup { old: old.clone(), new: new.clone() }).await?;
        let ctx = building(ctx, &new, self.skip_deploy).await;
        ctx.fire(PostAppClone { old, new }).await
    }
}

/// Copies what `:set` and its like wrote, for all domains at once: none of them reacts for that alone.
pub fn copy_properties(ctx: &Ctx, old: &AppName, new: &AppName) -> Result {
    for folder in ctx.bus.property_folders() {
        properties::copy(ctx.layout(), folder, old, new)?;
    }
    Ok(())
}

/// Both names, or which one is missing.
pub fn names(old: Option<AppName>, new: Option<AppName>) -> Result<(AppName, AppName)> {
    let old = old.ok_or_else(|| Failure::user("Please specify an app to run the command on"))?;
    let new = new.ok_or_else(|| Failure::user("Please specify an new app name"))?;
    Ok((old, new))
}

/// A context that tells listeners not to build where that is not wanted, or where there is no code.
pub async fn building(ctx: &Ctx, app: &AppName, skips_deploy: bool) -> Ctx {
    let has_code = ctx.fire(GitHasCode { app: app.clone(), branch: String::new() }).await.is_ok();
    if skips_deploy || !has_code { ctx.with_env("SKIP_REBUILD", "true") } else { ctx.clone() }
}

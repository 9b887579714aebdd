use super::clone::{building, copy_properties, names};
use super::create::create;
use super::destroy::destroy;
use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::store::apps;
use crate::triggers::{PostAppRename, PostAppRenameSetup};

/// Rename an app
///
/// The app gets new containers under its new name, so that it does not answer in between.
#[derive(clap::Args)]
pub struct Rename {
    /// Do not build the app under its new name
    #[arg(long)]
    skip_deploy: bool,
    /// Name of the app
    old_app: Option<AppName>,
    /// Its new name
    new_app: Option<AppName>,
}

impl Command for Rename {
    const NAME: &'static str = "apps:rename";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let (old, new) = names(self.old_app, self.new_app)?;
        ctx.require_app(&old)?;
        if apps::exists(ctx.layout(), &new) {
            return Err(Failure::user("Name is already taken"));
        }
        ctx.out.unless_quiet().step(format!("Renaming {old} to {new}"));
        create(ctx, &new).await?;
        copy_properties(ctx, &old, &new)?;
        ctx.fire(PostAppRenameSetup { old: old.clone(), new: new.clone() }).await?;
        destroy(ctx, &old).await?;
        let ctx = building(ctx, &new, self.skip_deploy).await;
        ctx.fire(PostAppRename { old, new }).await
    }
}

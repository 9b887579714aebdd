//! The app's image before its build: the stack with the code in it. Plugins that listen to `pre-build` may change it.

use std::sync::Arc;

use crate::deploy::{BuildContainer, Stage};
use crate::kernel::{Ctx, Failure, Result};
use crate::model::{AppName, RunPlan};
use crate::platform::docker::{FileOwner, Registry, TreePlan, archive_of_tree, login_for};
use crate::platform::source::Source;
use crate::store::{Extracted, buildpacks, registry_logins};

use super::{BUILDER, account};

/// Makes the image out of the stack and the code. Tells to whom its files belong.
///
/// # Errors
/// When the stack cannot be had, or the code not be sent.
pub async fn make(ctx: &Ctx, app: &AppName, stack: &str, code: &Arc<dyn Source>) -> Result<FileOwner> {
    pull(ctx, app, stack).await?;
    // An image without a command is refused unless one is named; it is never run.
    let plan = RunPlan { command: vec!["true".to_owned()], ..RunPlan::of_image(stack) };
    let container = BuildContainer::create(ctx, app, BUILDER, plan).await?;
    let filled = fill(ctx, app, stack, code, &container).await;
    container.remove().await;
    filled
}

/// Has the stack at hand.
async fn pull(ctx: &Ctx, app: &AppName, stack: &str) -> Result {
    let docker = &ctx.platform.docker;
    match docker.inspect_image(stack).await {
        Ok(_) => return Ok(()),
        Err(error) if error.is_not_found() => {}
        Err(error) => return Err(error.into()),
    }
    ctx.out.detail(format!("Pulling {stack}"));
    let logins = registry_logins::of_app(ctx.layout(), app)?;
    let from = Registry { login: login_for(stack, &logins), platform: None };
    let out = ctx.out.clone();
    Ok(docker.pull_image(stack, from, &mut |line: &str| out.debug(line)).await?)
}

async fn fill(
    ctx: &Ctx,
    app: &AppName,
    stack: &str,
    code: &Arc<dyn Source>,
    container: &BuildContainer<'_>,
) -> Result<FileOwner> {
    let user = account::user(ctx, app)?;
    let owner = account::owner(ctx, &container.id, &user, stack).await?;
    let plan = tree_plan(ctx, app, code.as_ref(), owner)?;
    let archive = archive_of_tree(code.context(), plan);
    let sent = ctx.platform.docker.write_archive(&container.id, "/", archive).await;
    sent.map_err(|error| {
        Failure::from(error).hint("The files of the commit could not be put into the container of the build")
    })?;
    // All belongs to the user already, and a second time over all files takes long.
    let changes = vec!["WORKDIR /app".to_owned(), "ENV HEROKUISH_DISABLE_CHOWN=true".to_owned()];
    container.commit(Stage::Build, changes).await?;
    Ok(owner)
}

/// The code, with the Procfile and the list of buildpacks that hold for this deploy, wherever they come from.
fn tree_plan(ctx: &Ctx, app: &AppName, code: &dyn Source, owner: FileOwner) -> Result<TreePlan> {
    let pid = ctx.env.get("DOKKU_PID").unwrap_or_default();
    let mut plan = TreePlan { folder: "app".to_owned(), owner, ..TreePlan::default() };
    plan.left_out.push(".dockerignore".to_owned());
    match Extracted::Procfile.read(ctx.layout(), app, pid)? {
        Some(text) => {
            // herokuish reads it line by line, and takes a carriage return for a part of the command.
            let text = text.replace("\r\n", "\n").into_bytes();
            plan.added.push(("Procfile".to_owned(), 0o644, text));
        }
        None => plan.left_out.push("Procfile".to_owned()),
    }
    if let Some(text) = buildpacks::file(ctx.layout(), app, pid, code)? {
        plan.added.push((buildpacks::FILE.to_owned(), 0o600, text.into_bytes()));
    }
    Ok(plan)
}

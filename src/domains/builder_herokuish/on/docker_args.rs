use super::super::{BUILDER, account};
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::AppName;
use crate::store::properties;
use crate::triggers;

/// `docker-args-build`: the user that herokuish works as.
pub struct Build;

/// `docker-args-deploy`: the same.
pub struct Deploy;

/// `docker-args-run`: the same.
pub struct Run;

impl Reaction for Build {
    type Trigger = triggers::DockerArgsBuild;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        option(ctx, &trigger.app)
    }
}

impl Reaction for Deploy {
    type Trigger = triggers::DockerArgsDeploy;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        option(ctx, &trigger.app)
    }
}

impl Reaction for Run {
    type Trigger = triggers::DockerArgsRun;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        option(ctx, &trigger.app)
    }
}

fn option(ctx: &Ctx, app: &AppName) -> Result<String> {
    let builder = properties::get(ctx.layout(), "builder", &app.into(), "detected")?;
    if builder.as_deref() != Some(BUILDER) {
        return Ok(String::new());
    }
    Ok(format!(" --env=USER={}", account::user(ctx, app)?))
}

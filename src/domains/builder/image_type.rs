//! By what an image was built, as far as it shows.

use crate::kernel::{Ctx, Result};
use crate::model::{AppName, Scope};
use crate::platform::docker::ImageConfig;
use crate::triggers;

/// True for an image of Cloud Native Buildpacks. One that the engine does not have is none.
///
/// # Errors
/// When the engine does not answer.
pub async fn is_cnb(ctx: &Ctx, image: &str) -> Result<bool> {
    Ok(config(ctx, image).await?.is_some_and(|config| has_stack(&config)))
}

/// True for an image of herokuish, and for what behaves like one: it runs as the app's user, `herokuishuser`
/// unless the variable `DOKKU_APP_USER` names another (contract: plugin-abi.md, section 3.1).
///
/// # Errors
/// When the engine does not answer, or variables cannot be read.
pub async fn is_herokuish(ctx: &Ctx, app: &AppName, image: &str) -> Result<bool> {
    let Some(config) = config(ctx, image).await? else { return Ok(false) };
    let user = user(ctx, app).await?;
    Ok(has_stack(&config) || config.env.iter().any(|pair| pair.strip_prefix("USER=") == Some(&user)))
}

async fn user(ctx: &Ctx, app: &AppName) -> Result<String> {
    let key = || "DOKKU_APP_USER".to_owned();
    let own = ctx.fire(triggers::ConfigGet { scope: Scope::from(app), key: key() }).await?;
    if !own.is_empty() {
        return Ok(own);
    }
    let global = ctx.fire(triggers::ConfigGetGlobal { key: key() }).await?;
    Ok(if global.is_empty() { "herokuishuser".to_owned() } else { global })
}

fn has_stack(config: &ImageConfig) -> bool {
    config.labels.contains_key("io.buildpacks.stack.id")
}

async fn config(ctx: &Ctx, image: &str) -> Result<Option<ImageConfig>> {
    match ctx.platform.docker.inspect_image(image).await {
        Ok(image) => Ok(Some(image.config)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

//! The image of an app.

use std::collections::BTreeMap;

use crate::kernel::{Ctx, Failure, Result};
use crate::model::AppName;
use crate::platform::docker::{DockerError, Image};
use crate::triggers;

/// The name of an app's image: `dokku/APP:TAG`, tag `latest` without one.
pub fn image_name(app: &AppName, tag: Option<&str>) -> String {
    format!("dokku/{app}:{}", tag.unwrap_or("latest"))
}

/// The labels of an app's image (contract: output.md section 9). It is built and released in one, so
/// it carries the last stage from the start.
pub fn labels(app: &AppName, builder: &str) -> BTreeMap<String, String> {
    [
        ("dokku", ""),
        ("org.label-schema.schema-version", "1.0"),
        ("org.label-schema.vendor", "dokku"),
        ("com.dokku.app-name", app.as_str()),
        ("com.dokku.image-stage", "release"),
        ("com.dokku.builder-type", builder),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .collect()
}

/// The image, if the engine has it and it is not another appliance's, whose app has the same name.
///
/// # Errors
/// When the engine cannot be asked.
pub async fn find(ctx: &Ctx, name: &str) -> Result<Option<Image>> {
    match ctx.platform.docker.inspect_image(name).await {
        Ok(image) => Ok(Some(image).filter(|image| ctx.platform.docker.owner().admits(&image.config.labels))),
        Err(DockerError::NotFound(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// True for an image of herokuish, in which `/start` runs a process type and `/exec` a command with all that the
/// app's buildpacks have prepared. Images of Cloud Native Buildpacks have neither.
///
/// # Errors
/// When the engine or a listener fails.
pub async fn is_herokuish(ctx: &Ctx, app: &AppName, name: &str) -> Result<bool> {
    let image = name.to_owned();
    let is_like =
        ctx.fire(triggers::BuilderImageIsHerokuish { app: app.clone(), image: image.clone() }).await?;
    Ok(is_like && !ctx.fire(triggers::BuilderImageIsCnb { app: app.clone(), image }).await?)
}

/// The image, which must be there.
///
/// # Errors
/// When it is not, or the engine cannot be asked.
pub async fn require(ctx: &Ctx, app: &AppName, name: &str) -> Result<Image> {
    if let Some(image) = find(ctx, name).await? {
        return Ok(image);
    }
    let hint = format!("Build it with 'ps:rebuild {app}', or push again");
    Err(match ctx.platform.docker.inspect_image(name).await {
        Ok(_) => {
            Failure::user(format!("App image ({name}) belongs to another appliance on this Docker engine"))
        }
        Err(_) => Failure::user(format!("App image ({name}) not found")),
    }
    .hint(hint))
}

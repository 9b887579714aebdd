//! The name of a registry, as it is typed and as it is meant.

use crate::kernel::{Ctx, Failure, Result};
use crate::model::{AppName, Scope};

use super::PROPERTIES;

/// The host that a login is for: the Docker Hub goes by several names.
///
/// # Errors
/// When there is none.
pub fn of_login(typed: &str) -> Result<String> {
    match typed {
        "" => Err(Failure::user("Missing server argument")),
        "hub.docker.com" | "docker.com" => Ok("docker.io".to_owned()),
        other => Ok(other.to_owned()),
    }
}

/// What stands in front of the names of an app's images: `HOST/`, or nothing for the Docker Hub.
///
/// # Errors
/// When it cannot be read.
pub fn of_images(ctx: &Ctx, app: &AppName) -> Result<String> {
    let set = PROPERTIES.computed(ctx, &Scope::from(app), "server")?;
    let host = set.trim().trim_end_matches('/');
    Ok(if matches!(host, "" | "hub.docker.com" | "docker.io") { String::new() } else { format!("{host}/") })
}

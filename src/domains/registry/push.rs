//! A release on its way to the registry.

use crate::deploy;
use crate::kernel::{Ctx, Failure, Out, Result};
use crate::model::{AppName, Scope};
use crate::platform::docker::{Registry, RemoveImage, login_for};
use crate::store::{properties, registry_logins};

use super::{PROPERTIES, image_repo, server};

/// How many numbers below the newest but one are looked for: as many pushes as may have left theirs behind.
const LOOK_BACK: u64 = 10;

/// Gives the image of a release its name in the registry, and sends it there where the app wants that.
///
/// # Errors
/// When the registry does not take it: the deploy ends, and what served before serves on.
pub async fn push(ctx: &Ctx, app: &AppName, image: &str) -> Result {
    let docker = &ctx.platform.docker;
    let id = docker.inspect_image(image).await?.id;
    let repo = image_repo(ctx, &Scope::from(app))?;
    let own = deploy::image_name(app, None);
    let (own, tag) = (own.trim_end_matches(":latest"), image.rsplit(':').next().unwrap_or("latest"));
    if repo != own {
        docker.tag_image(&id, &format!("{repo}:{tag}")).await?;
    }
    if PROPERTIES.computed(ctx, &Scope::from(app), "push-on-release")? != "true" {
        return Ok(());
    }
    ctx.out.step("Pushing image to registry");
    let out = ctx.out.unless_quiet();
    let number = next_number(ctx, app, &out)?;
    let remote = format!("{}{repo}", server::of_images(ctx, app)?);
    out.detail(format!("Tagging {repo}:{number} in registry format"));
    for name in [format!("{remote}:{number}"), format!("{repo}:{number}")] {
        docker.tag_image(&id, &name).await?;
    }
    let tags = PROPERTIES.computed(ctx, &Scope::from(app), "push-extra-tags")?;
    for tag in tags.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
        let name = format!("{remote}:{tag}");
        out.detail(format!("Tagging {repo} as {tag} in registry format"));
        docker.tag_image(&id, &name).await?;
        let sent = send(ctx, app, &name, &out).await;
        out.detail(format!("Untagging extra tag {tag}"));
        if let Err(error) = docker.remove_image(&name, RemoveImage::default()).await {
            ctx.out.warn(format!("Unable to untag extra tag {tag}: {error}"));
        }
        sent?;
    }
    send(ctx, app, &format!("{remote}:{number}"), &out).await?;
    // Not before: whoever asks for the app's image is told this number.
    properties::set(ctx.layout(), PROPERTIES.plugin, &Scope::from(app), "tag-version", &number.to_string())?;
    forget_old(ctx, &[remote.clone(), repo], number).await;
    out.detail(format!("Image {remote}:{number} pushed"));
    Ok(())
}

fn next_number(ctx: &Ctx, app: &AppName, out: &Out) -> Result<u64> {
    let scope = Scope::from(app);
    let last = properties::get(ctx.layout(), PROPERTIES.plugin, &scope, "tag-version")?.unwrap_or_default();
    let last: u64 = match last.trim() {
        "" => 0,
        text => text.parse().map_err(|_| {
            Failure::user(format!(
                "The number of the last pushed image of {app} is {text:?}, which is no number"
            ))
            .hint(format!("`dokku registry:set {app} tag-version 1` says what it was"))
        })?,
    };
    out.detail(format!("Bumping tag to {}", last + 1));
    Ok(last + 1)
}

async fn send(ctx: &Ctx, app: &AppName, name: &str, out: &Out) -> Result {
    out.detail(format!("Pushing {name}"));
    let logins = registry_logins::of_app(ctx.layout(), app)?;
    let to = Registry { login: login_for(name, &logins), platform: None };
    let sent = ctx.platform.docker.push_image(name, to, &mut |line: &str| out.plain(line)).await;
    sent.map_err(|error| {
        let who = if to.login.is_some() { "check the login with" } else { "log in with" };
        let host = name.split('/').next().unwrap_or(name);
        Failure::user(format!("unable to push image {name}: {error}")).hint(format!(
            "If the registry asks for a login, {who} `dokku registry:login {app} {host} USERNAME`"
        ))
    })
}

/// Takes the names of earlier pushes away, but for the one before; an image that something uses keeps its name.
async fn forget_old(ctx: &Ctx, repositories: &[String], number: u64) {
    for repository in repositories {
        for old in (number.saturating_sub(1 + LOOK_BACK).max(1)..number.saturating_sub(1)).rev() {
            let name = format!("{repository}:{old}");
            if let Err(error) = ctx.platform.docker.remove_image(&name, RemoveImage::default()).await {
                ctx.out.debug(error.to_string());
            }
        }
    }
}

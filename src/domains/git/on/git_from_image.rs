use std::path::Path;

use crate::kernel::{Ctx, Failure, Reaction, Result};
use crate::model::{AppName, Scope};
use crate::platform::docker::{Registry, login_for};
use crate::platform::files;
use crate::store::{properties, registry_logins};
use crate::triggers::{GitFromDirectory, GitFromImage};

const SOURCE_IMAGE: &str = "source-image";

/// Makes a folder with a Dockerfile of an image, and deploys it.
pub struct OnGitFromImage;

impl Reaction for OnGitFromImage {
    type Trigger = GitFromImage;

    async fn react(ctx: &Ctx, trigger: &GitFromImage) -> Result {
        let GitFromImage { app, image, build_dir, user_name, user_email } = trigger;
        ctx.out.step("Generating build context");
        let folder = files::TemporaryFolder::make("dokku-git-from-image")?;
        if !build_dir.is_empty() {
            let from = Path::new(build_dir);
            if !files::is_folder(from) {
                return Err(Failure::user("Invalid BUILD_DIR specified for docker build context"));
            }
            ctx.out.detail("Syncing build directory context");
            files::copy_all(from, folder.path())?;
        }
        let dockerfile = folder.path().join("Dockerfile");
        let before = files::read_text(&dockerfile)?.unwrap_or_default();
        let label = format!("LABEL com.dokku.docker-image-labeler/alternate-tags=[\\\"{image}\\\"]");
        files::write(&dockerfile, format!("{before}FROM {image}\n{label}\n").as_bytes(), 0o644)?;
        have(ctx, app, image).await?;
        let (layout, scope) = (ctx.layout(), Scope::from(app));
        let earlier = properties::get(layout, "git", &scope, SOURCE_IMAGE)?;
        properties::set(layout, "git", &scope, SOURCE_IMAGE, image)?;
        let deployed = ctx
            .fire(GitFromDirectory {
                app: app.clone(),
                work_dir: folder.path().display().to_string(),
                user_name: user_name.clone(),
                user_email: user_email.clone(),
            })
            .await;
        if deployed.is_err() {
            // The code is what it was, and so is where it came from.
            match earlier {
                Some(earlier) => properties::set(layout, "git", &scope, SOURCE_IMAGE, &earlier)?,
                None => properties::unset(layout, "git", &scope, SOURCE_IMAGE)?,
            }
        }
        deployed
    }
}

/// Pulls the image, where it is not here or a newer one is asked for.
async fn have(ctx: &Ctx, app: &AppName, image: &str) -> Result {
    let docker = &ctx.platform.docker;
    let is_forced = ctx.env.get("DOKKU_APPS_FORCE_DELETE") == Some("1");
    match docker.inspect_image(image).await {
        Ok(_) if !is_forced => {
            ctx.out.step("Image exists on host, skipping pull");
            return Ok(());
        }
        Ok(_) => ctx.out.step("Force pulling image"),
        Err(error) if error.is_not_found() => ctx.out.step("Pulling image"),
        Err(error) => return Err(error.into()),
    }
    let logins = registry_logins::of_app(ctx.layout(), app)?;
    let (from, out) = (Registry { login: login_for(image, &logins), platform: None }, ctx.out.clone());
    docker
        .pull_image(image, from, &mut |line: &str| out.plain(line))
        .await
        .map_err(|error| Failure::user(format!("Failed to pull image: {image}")).hint(error.to_string()))
}

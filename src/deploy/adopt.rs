//! Files of releases that an older Dokku made: they are in the images alone, and are put where today's are.

use super::extract;
use super::image::{self, image_name};
use crate::kernel::{Ctx, Result};
use crate::model::Scope;
use crate::platform::docker::DockerError;
use crate::store::takeover::{self, Pending, Report};
use crate::store::{Extracted, processes};
use crate::triggers;

/// Takes the files of all apps that wait for it out of their images, so that a restart, a route and a schedule go by what
/// the release said, before anybody pushes anew. What cannot be had now is tried again at the next start.
///
/// # Errors
/// When the list of these apps cannot be read or written.
pub async fn adopt_files(ctx: &Ctx) -> Result {
    let mut report = Report::begin(ctx.layout(), ctx.platform.clock.now());
    for one in takeover::pending(ctx.layout())? {
        match adopt(ctx, &one, &mut report).await {
            Ok(()) => takeover::settle(ctx.layout(), &one.app)?,
            Err(failure) => {
                ctx.out.warn(format!("Files of {} are not taken out of its image: {failure}", one.app))
            }
        }
    }
    for note in report.notes() {
        ctx.out.step(format!("{}: {}", note.who(), note.text));
    }
    Ok(())
}

async fn adopt(ctx: &Ctx, one: &Pending, report: &mut Report) -> Result {
    let (app, docker) = (&one.app, &ctx.platform.docker);
    let scope = Scope::from(app);
    let mut image = image_name(app, None);
    for running in processes::running(ctx.layout(), app)? {
        match docker.inspect_container(&running.id).await {
            Ok(container) => {
                image = container.image_id;
                break;
            }
            Err(DockerError::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    if image::find(ctx, &image).await?.is_none() {
        let names: Vec<&str> = one.files.iter().map(|file| file.name()).collect();
        return Ok(report.left(
            &scope,
            format!("{} come with the next push: the image {image} is gone", names.join(", ")),
        )?);
    }
    for file in &one.files {
        let Some(bytes) = extract::of_release(ctx, app, &image, *file).await? else { continue };
        file.adopt(ctx.layout(), app, &bytes)?;
        report.taken(&scope, format!("{} of the image", file.name()))?;
        if *file == Extracted::NginxTemplate {
            ctx.fire(triggers::ProxyBuildConfig { app: app.clone() }).await?;
        }
    }
    Ok(())
}

//! What a deploy leaves to return to: a record, and a name that keeps the image.

use crate::kernel::{Ctx, Result};
use crate::model::AppName;
use crate::platform::docker::{DockerError, DockerResult, Filter, ImageSummary, Layer, OrGone, RemoveImage};
use crate::store::releases::{self, Content, Release, SCHEMA};
use crate::store::{processes, variables};

use super::image::{self, image_name};
use super::intent::Intent;
use super::step::Step;

/// The source of a release that served before releases were recorded.
const FOUND: &str = "found";

/// Sees to what serves now before a deploy changes anything. What holds at once, as ports do, is noted as the
/// serving release has it now; one that has no record, since it is of an earlier version, gets one.
///
/// # Errors
/// When the engine or the store cannot be asked.
pub async fn before(ctx: &Ctx, app: &AppName, image: Option<&str>) -> Result {
    let layout = ctx.layout();
    let all = releases::all(layout, app)?;
    if let Some(current) = releases::current(&all) {
        return note_live(ctx, app, current.clone());
    }
    let Some(image) = image.filter(|_| all.is_empty()) else { return Ok(()) };
    if processes::running(layout, app)?.is_empty() {
        return Ok(());
    }
    let content = Content::now(layout, app, image)?;
    let unknown = Intent { source: FOUND.to_owned(), ..Intent::default() };
    let changes = vec!["what served when releases began to be recorded".to_owned()];
    add(ctx, app, &unknown, &content, changes).await
}

/// The settings that hold without a deploy belong to the release that serves meanwhile.
fn note_live(ctx: &Ctx, app: &AppName, mut current: Release) -> Result {
    let now = releases::settings_now(ctx.layout(), app)?;
    let mut settings = current.settings.clone();
    for (plugin, values) in now {
        let kept = settings.entry(plugin.clone()).or_default();
        kept.retain(|key, _| !releases::is_live(&plugin, key));
        kept.extend(values.into_iter().filter(|(key, _)| releases::is_live(&plugin, key)));
    }
    if settings == current.settings {
        return Ok(());
    }
    current.settings = settings;
    Ok(releases::rewrite(ctx.layout(), app, &current)?)
}

/// Writes the release of an accepted deploy down, unless nothing is different from the one before, and forgets old
/// ones. Can be repeated.
///
/// # Errors
/// When the engine or the store refuses.
pub async fn record(ctx: &Ctx, app: &AppName, intent: &Intent) -> Result {
    if !intent.is_switching && !intent.is_deployed {
        // With skip-deploy an image was made, and nothing went live.
        return Ok(());
    }
    Step::Record.begin(ctx).await;
    let layout = ctx.layout();
    let all = releases::all(layout, app)?;
    let is_there = !intent.build_id.is_empty() && all.iter().any(|one| one.build_id == intent.build_id);
    let image = image::find(ctx, &image_name(app, None)).await?;
    if let (false, Some(image)) = (is_there, image) {
        let content = Content::now(layout, app, &image.id)?;
        // What cannot be read is as good as another.
        let before = releases::current(&all);
        let before = before.and_then(|one| releases::content_of(layout, app, one).ok());
        if before.as_ref() != Some(&content) {
            let hidden = variables::revision_variable(layout, &app.into())?;
            let changes = match &before {
                Some(before) => releases::differences(before, &content, hidden.as_deref()),
                None => Vec::new(),
            };
            add(ctx, app, intent, &content, changes).await?;
        }
    }
    Step::Forget.begin(ctx).await;
    forget_old(ctx, app).await
}

/// The name of the image comes first: without it the record would promise what the next cleanup removes.
async fn add(ctx: &Ctx, app: &AppName, intent: &Intent, content: &Content, changes: Vec<String>) -> Result {
    let layout = ctx.layout();
    let number = releases::next_number(layout, app)?;
    ctx.platform.docker.tag_image(&content.image, &releases::image_name(app, number)).await?;
    let hidden = variables::revision_variable(layout, &app.into())?;
    let release = Release {
        schema: SCHEMA,
        number,
        at: ctx.platform.clock.now(),
        by: intent.by.clone(),
        source: intent.source.clone(),
        build_id: intent.build_id.clone(),
        revision: content.commit(hidden.as_deref()).to_owned(),
        rolled_back_to: intent.rolls_back_to,
        taken_back: None,
        changes,
        image: String::new(),
        variables: [].into(),
        settings: [].into(),
        files: [].into(),
    };
    releases::add(layout, app, release, content)?;
    Ok(())
}

/// Forgets the releases beyond the retention, and lets go of images that no release needs any more. What the engine
/// refuses to remove, as a container uses it, goes when that container retires.
///
/// # Errors
/// When the engine cannot be asked, or a record not be removed.
pub async fn forget_old(ctx: &Ctx, app: &AppName) -> Result {
    let layout = ctx.layout();
    let all = releases::all(layout, app)?;
    let filter = Filter::all().and("reference", format!("dokku/{app}"));
    let images = ctx.platform.docker.list_images(&filter).await?;
    let mut kept: Vec<&Release> = all.iter().filter(|one| one.is_kept()).collect();
    kept.truncate(releases::retention(layout, app)?);
    if let Some(limit) = releases::retention_disk(layout, app)? {
        let many = fitting(ctx, &kept, &images, limit).await?;
        kept.truncate(many);
    }
    let oldest = kept.last().map_or(0, |one| one.number);
    let goes: Vec<u64> = all.iter().map(|one| one.number).filter(|number| *number < oldest).collect();
    if !goes.is_empty() {
        releases::remove(layout, app, &goes)?;
    }
    for image in images {
        let_go(ctx, &image.repo_tags).await;
    }
    Ok(())
}

/// How many of these releases, the newest first, fit into so many bytes: the current one takes none, as it is needed
/// in any case, and the one before it always fits, since there must be a way back.
async fn fitting(ctx: &Ctx, kept: &[&Release], images: &[ImageSummary], limit: i64) -> Result<usize> {
    let at_most: i64 = kept
        .iter()
        .skip(1)
        .filter_map(|one| images.iter().find(|image| image.id == one.image))
        .map(|image| image.size)
        .sum();
    if at_most <= limit {
        return Ok(kept.len());
    }
    let mut layers = Vec::new();
    for release in kept {
        let found = ctx.platform.docker.image_layers(&release.image).await.map(Some).or_else(gone)?;
        layers.push(found.unwrap_or_default());
    }
    let fits = own_bytes(&layers).into_iter().skip(1).scan(0, |sum: &mut i64, bytes| {
        *sum += bytes;
        Some(*sum <= limit)
    });
    Ok((1 + fits.take_while(|fits| *fits).count()).max(2).min(kept.len()))
}

/// How many bytes each image takes that those before it do not have.
fn own_bytes(images: &[Vec<Layer>]) -> Vec<i64> {
    let shared = |one: &[Layer], other: &[Layer]| {
        one.iter().zip(other).take_while(|(layer, other)| layer == other).count()
    };
    let own = images.iter().enumerate().map(|(place, layers)| {
        let known = images[..place].iter().map(|other| shared(layers, other)).max().unwrap_or(0);
        layers[known..].iter().map(|layer| layer.size).sum()
    });
    own.collect()
}

/// Takes those names off an image that were those of releases which can be returned to no more; with its last name
/// the image goes.
async fn let_go(ctx: &Ctx, names: &[String]) {
    for name in names {
        if releases::of_image_name(name).is_none() || releases::keeps(ctx.layout(), name) {
            continue;
        }
        match ctx.platform.docker.remove_image(name, RemoveImage::default()).await {
            Ok(_) | Err(DockerError::NotFound(_)) => {}
            Err(error) => ctx.out.debug(error.to_string()),
        }
    }
}

/// Whether a release needs an image, by its id. Names of releases that are forgotten are taken off it.
///
/// # Errors
/// When the engine cannot be asked.
pub async fn is_needed(ctx: &Ctx, image: &str) -> DockerResult<bool> {
    let Some(found) = ctx.platform.docker.inspect_image(image).await.map(Some).or_else(gone)? else {
        return Ok(false);
    };
    let_go(ctx, &found.repo_tags).await;
    Ok(found.repo_tags.iter().any(|name| releases::keeps(ctx.layout(), name)))
}

fn gone<T>(error: DockerError) -> DockerResult<Option<T>> {
    if error.is_not_found() { Ok(None) } else { Err(error) }
}

/// Takes the names off the images of all releases of an app that is about to be forgotten.
///
/// # Errors
/// When the engine cannot be asked.
pub async fn forget_all(ctx: &Ctx, app: &AppName) -> Result {
    releases::forget(ctx.layout(), app)?;
    let filter = Filter::all().and("reference", format!("dokku/{app}"));
    for image in ctx.platform.docker.list_images(&filter).await? {
        let_go(ctx, &image.repo_tags).await;
        if !image.repo_tags.iter().any(|name| releases::keeps(ctx.layout(), name)) {
            // It goes as a whole, with all that is the app's.
            continue;
        }
        // The app has got another name, under which the image is kept.
        let own = format!("dokku/{app}:");
        for name in image.repo_tags.iter().filter(|name| name.starts_with(&own)) {
            match ctx.platform.docker.remove_image(name, RemoveImage::default()).await {
                Ok(_) | Err(DockerError::NotFound(_) | DockerError::Conflict(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(())
}

/// Gives the releases of an app to its new name: the records, and names for the images.
///
/// # Errors
/// When the engine or the store refuses.
pub async fn rename(ctx: &Ctx, old: &AppName, new: &AppName) -> Result {
    for release in releases::all(ctx.layout(), old)?.iter().filter(|one| one.is_kept()) {
        let name = releases::image_name(new, release.number);
        ctx.platform.docker.tag_image(&release.image, &name).await.or_gone()?;
    }
    Ok(releases::copy(ctx.layout(), old, new)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layers(words: &[(&str, i64)]) -> Vec<Layer> {
        let layer =
            |(by, size): &(&str, i64)| Layer { created: 7, created_by: (*by).to_owned(), size: *size };
        words.iter().map(layer).collect()
    }

    #[test]
    fn what_images_share_counts_once() {
        let images = [
            layers(&[("FROM", 100), ("RUN", 50), ("COPY c", 3)]),
            layers(&[("FROM", 100), ("RUN", 50), ("COPY b", 2)]),
            layers(&[("FROM", 100), ("RUN", 50), ("COPY c", 3)]),
            layers(&[("FROM", 100), ("RUN other", 60)]),
            layers(&[("FROM other", 80)]),
        ];
        assert_eq!(own_bytes(&images), [153, 2, 0, 60, 80]);
    }
}

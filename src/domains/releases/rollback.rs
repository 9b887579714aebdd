use super::view::{self, find, none};
use crate::deploy;
use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::platform::docker::Filter;
use crate::store::releases::{self, Content, Release};
use crate::store::{processes, variables};
use crate::triggers;

/// Return to an earlier release
///
/// Image, config, scale, ports, checks, docker options, resources and mounts become what they were, all at once and
/// without a build: new containers of the old image are checked beside those that serve, then routes turn to them. What
/// comes of it is a release of its own. Without a number it is the release before the one that serves.
///
/// The branch of the code stays where it is. Domains, certificates, networks and what the app has stored stay, too.
///
/// Example: dokku releases:rollback shop 12
#[derive(clap::Args)]
pub struct Rollback {
    /// Name of the app
    app: AppName,
    /// Number of the release
    release: Option<String>,
}

impl Command for Rollback {
    const NAME: &'static str = "releases:rollback";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let app = &self.app;
        ctx.require_app(app)?;
        let all = releases::all(ctx.layout(), app)?;
        let release = match self.release.as_deref().filter(|number| !number.is_empty()) {
            Some(number) => find(app, &all, Some(number))?,
            None => releases::fallback(&all).ok_or_else(|| nothing_before(app, &all))?,
        };
        if let Some(cause) = &release.taken_back {
            return Err(Failure::user(format!(
                "Release {} of {app} cannot be returned to: {cause}",
                release.number
            ))
            .hint(format!("'releases:list {app}' shows which releases can")));
        }
        roll_back(ctx, app, release).await
    }
}

async fn roll_back(ctx: &Ctx, app: &AppName, release: &Release) -> Result {
    let (layout, number) = (ctx.layout(), release.number);
    let content = releases::content_of(layout, app, release)?;
    deploy::require_release(ctx, app, release, &content).await?;
    let out = ctx.out.unless_quiet();
    let image = deploy::find_image(ctx, &deploy::image_name(app, None)).await?.map(|image| image.id);
    let now = Content::now(layout, app, image.as_deref().unwrap_or_default())?;
    if now == content && runs(ctx, app).await? {
        out.step(format!("Nothing to do: {app} is as release {number} was"));
        return Ok(());
    }
    let hidden = variables::revision_variable(layout, &app.into())?;
    out.step(format!("Returning {app} to release {number}, of {}", view::time(release.at)));
    for line in releases::differences(&now, &content, hidden.as_deref()) {
        out.detail(line);
    }
    deploy::roll_back(ctx, app, release).await?;
    let all = releases::all(layout, app)?;
    if let Some(current) = releases::current(&all) {
        out.step(format!("{app} is back at release {number}, as release {}", current.number));
    }
    if now.commit(hidden.as_deref()) != content.commit(hidden.as_deref()) {
        let branch = ctx.fire(triggers::GitDeployBranch { app: app.clone() }).await?;
        out.detail(format!(
            "The branch {} still has the later code: the next push, or ps:rebuild {app}, deploys that",
            branch.trim()
        ));
    }
    Ok(())
}

/// Whether all containers of the app run, and there are as many as it is scaled to.
async fn runs(ctx: &Ctx, app: &AppName) -> Result<bool> {
    let wanted: u32 = processes::scale(ctx.layout(), app)?.current.values().sum();
    let known = processes::running(ctx.layout(), app)?;
    let filter = Filter::label(format!("com.dokku.app-name={app}")).and("status", "running");
    let running = ctx.platform.docker.list_containers(&filter).await?;
    let all_run = known.iter().all(|one| running.iter().any(|found| found.id == one.id));
    Ok(all_run && known.len() >= usize::try_from(wanted).unwrap_or(usize::MAX))
}

fn nothing_before(app: &AppName, all: &[Release]) -> Failure {
    match releases::current(all) {
        None => none(app),
        Some(current) => {
            let origin = releases::origin(all, current);
            let serves = match origin == current.number {
                true => String::new(),
                false => format!(", which serves as release {}", current.number),
            };
            Failure::user(format!("There is no release of {app} before release {origin}{serves}")).hint(
                format!("'releases:list {app}' shows which releases can be returned to, by their number"),
            )
        }
    }
}

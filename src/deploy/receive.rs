//! From code to an image, and on to a release.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::kernel::{Ctx, Domain, Failure, Result, Trigger};
use crate::model::{AppName, Scope};
use crate::platform::source::{FolderSource, Source};
use crate::platform::{files, process};
use crate::store::{properties, variables};
use crate::triggers;

use super::build_slot::BuildSlot;
use super::capture::{Origin, recorded};
use super::cleanup::{Cleanup, cleanup};
use super::disk_guard::Room;
use super::extract::extract;
use super::intent::{Intent, note_variables};
use super::release::release;
use super::step::Step;
use super::turn::Turn;

/// Triggers whose external listeners want the code as files on disk, in the folder they are started in. While there are
/// none, nothing is written.
const NEEDS_FILES: [&str; 22] = [
    triggers::CorePostExtract::NAME,
    triggers::PostExtract::NAME,
    triggers::BuilderDetect::NAME,
    triggers::PreReceiveApp::NAME,
    triggers::PreBuildBuildpack::NAME,
    triggers::PreBuildDockerfile::NAME,
    triggers::PreBuild::NAME,
    triggers::BuilderBuild::NAME,
    triggers::PostBuildBuildpack::NAME,
    triggers::PostBuildDockerfile::NAME,
    triggers::BuilderCreateDokkuImage::NAME,
    triggers::BuilderDokkuImage::NAME,
    triggers::PostBuild::NAME,
    triggers::BuilderRelease::NAME,
    triggers::PreReleaseBuildpack::NAME,
    triggers::PreReleaseDockerfile::NAME,
    triggers::PreReleaseLambda::NAME,
    triggers::PreReleasePack::NAME,
    triggers::PreReleaseBuilder::NAME,
    triggers::PostReleaseBuilder::NAME,
    triggers::PreDeploy::NAME,
    triggers::SchedulerDeploy::NAME,
];

/// The branch whose push deploys an app.
const DEPLOY_BRANCH: (&str, &str) = ("git", "deploy-branch");

/// The code to deploy.
#[derive(Clone)]
pub struct Code {
    /// Its files.
    pub source: Arc<dyn Source>,
    /// The commit, in full.
    pub revision: String,
    /// What a plain `git` of a plugin needs to see objects that are still in quarantine.
    pub git_env: Vec<(String, String)>,
    /// Whether it may still be deployed, asked when its turn has come: what was deployed meanwhile may forbid it.
    pub is_still_good: Option<StillGood>,
    /// The branch that becomes the app's deploy branch with this deploy; none where that is decided.
    pub deploy_branch: Option<String>,
}

/// Fails when the code may not be deployed any more.
pub type StillGood = Arc<dyn Fn() -> Result + Send + Sync>;

/// Builds and releases the code of an app: the whole story of a push. The turn that comes back must be held
/// until the deploy is made final by `commit`.
///
/// # Errors
/// The first step that fails; what served before still serves.
pub async fn receive(ctx: &Ctx, app: &AppName, code: Code, origin: impl Into<Origin>) -> Result<Turn> {
    recorded(ctx, app, origin.into(), |ctx| async move { story(&ctx, app, &code).await }).await
}

async fn story(ctx: &Ctx, app: &AppName, code: &Code) -> Result {
    if let Some(is_still_good) = &code.is_still_good {
        is_still_good()?;
    }
    let mut ctx = ctx.clone();
    for (key, value) in &code.git_env {
        ctx = ctx.with_env(key, value);
    }
    Step::Extract.begin(&ctx).await;
    let ctx = Ctx { source: Some(Arc::clone(&code.source)), ..ctx };
    note_before(&ctx, app, code).await?;
    let ctx = match build_dir(&ctx, app).await? {
        Some(source) => Ctx { source: Some(source), ..ctx },
        None => ctx,
    };
    let work = Work::make(&ctx)?;
    let ctx = work.entered(ctx);
    extract(&ctx, app).await?;
    let folder = work.path();
    ctx.fire(triggers::CorePostExtract {
        app: app.clone(),
        work_dir: folder.clone(),
        revision: code.revision.clone(),
    })
    .await?;
    ctx.fire(triggers::PostExtract {
        app: app.clone(),
        work_dir: folder.clone(),
        revision: code.revision.clone(),
    })
    .await?;
    let (builder, choice) = detect(&ctx, app, &folder).await?;
    ctx.fire(triggers::PreReceiveApp {
        app: app.clone(),
        builder: builder.clone(),
        work_dir: folder.clone(),
        revision: code.revision.clone(),
    })
    .await?;
    let built = build(&ctx, app, &builder, &folder).await;
    if built.is_err() && choice == Choice::LastResort {
        say_who_was_asked(&ctx, app);
    }
    built?;
    release(&ctx, app, &builder).await
}

/// Writes down how things are, and sets the variable that names the commit.
async fn note_before(ctx: &Ctx, app: &AppName, code: &Code) -> Result {
    let mut intent = Intent::begin(ctx, app).await?;
    let scope = Scope::from(app);
    match &code.deploy_branch {
        Some(branch) => {
            intent.hold(ctx, app, DEPLOY_BRANCH, Some(branch))?;
            intent.save(ctx, app)?;
            let (plugin, key) = DEPLOY_BRANCH;
            properties::set(ctx.layout(), plugin, &scope, key, branch)?;
        }
        None => intent.save(ctx, app)?,
    }
    let name = variables::revision_variable(ctx.layout(), &scope)?;
    let Some(name) = name.filter(|_| !code.revision.is_empty()) else { return Ok(()) };
    note_variables(ctx, app, &[&name])?;
    variables::change(ctx.layout(), &scope, |variables| {
        variables.insert(name, code.revision.clone());
    })?;
    Ok(())
}

/// The folder inside the code that is the root of the build, if one is configured.
async fn build_dir(ctx: &Ctx, app: &AppName) -> Result<Option<Arc<dyn Source>>> {
    let key = "build-dir".to_owned();
    let own = ctx.fire(triggers::BuilderGetProperty { app: app.clone(), key }).await?;
    let folder = match own.trim() {
        "" => properties::computed(ctx.layout(), "builder", &Scope::Global, "build-dir", "")?,
        own => own.to_owned(),
    };
    let Some(source) = ctx.source.as_ref().filter(|_| !folder.is_empty()) else { return Ok(None) };
    let folder = folder.trim_matches('/');
    match source.below(folder)? {
        Some(below) => Ok(Some(below)),
        None => Err(Failure::user(format!(
            "Specified build-dir not found in sourcecode working directory: {folder}"
        ))
        .hint(format!(
            "Change it with 'builder:set {app} build-dir <folder>', or push a commit that has it"
        ))),
    }
}

/// How a builder came to be the one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    /// It was set, or knows the code.
    Claimed,
    /// None claimed the code.
    LastResort,
}

/// Says why a build was tried that may never have had a chance.
fn say_who_was_asked(ctx: &Ctx, app: &AppName) {
    ctx.out.warn(format!(
        "No builder knows how to build {app} by its files, so buildpacks were tried. Asked were:"
    ));
    for (builder, file) in KNOWN_BY {
        ctx.out.warn(format!("  builder {builder}, which wants a {file}"));
    }
    ctx.out.warn("Add one, or name the folder that holds it: builder:set APP build-dir <folder>");
}

/// By which file a builder of the core knows its code, unless another path is set.
const KNOWN_BY: [(&str, &str); 5] = [
    ("dockerfile", "Dockerfile"),
    ("lambda", "lambda.yml"),
    ("nixpacks", "nixpacks.toml"),
    ("pack", "project.toml"),
    ("railpack", "railpack.json"),
];

/// The builder that knows the code. What none claims is for herokuish, whose buildpacks look for themselves.
async fn detect(ctx: &Ctx, app: &AppName, folder: &str) -> Result<(String, Choice)> {
    let found = ctx.fire(triggers::BuilderDetect { app: app.clone(), work_dir: folder.to_owned() }).await?;
    if let Some(builder) = found.into_iter().next() {
        return Ok((builder, Choice::Claimed));
    }
    let is_allowed = ctx.fire(triggers::BuilderHerokuishAllowed { app: app.clone() }).await.is_ok();
    if !is_allowed && cfg!(target_arch = "aarch64") {
        ctx.out.warn("Herokuish builder not supported on arm64 servers.");
        ctx.out.warn("Switching to pack builder.");
        return Ok(("pack".to_owned(), Choice::LastResort));
    }
    Ok(("herokuish".to_owned(), Choice::LastResort))
}

async fn build(ctx: &Ctx, app: &AppName, builder: &str, folder: &str) -> Result {
    let _slot = BuildSlot::take(ctx, app).await?;
    Step::Build.begin(ctx).await;
    cleanup(ctx, Some(app), Cleanup::IfWanted).await?;
    ctx.fire(triggers::BuilderSetProperty {
        app: app.clone(),
        key: "detected".to_owned(),
        value: builder.to_owned(),
    })
    .await?;
    require_builder(ctx, builder)?;
    let room = Room::require(ctx, app).await?;
    let built = ctx
        .fire(triggers::BuilderBuild {
            builder: builder.to_owned(),
            app: app.clone(),
            work_dir: folder.to_owned(),
        })
        .await;
    room.note_growth(ctx, app)?;
    if let Err(failure) = built {
        failure.print(&ctx.out);
        return Err(Failure { message: "App build failed".to_owned(), hints: Vec::new(), ..failure });
    }
    Ok(())
}

/// Fails when nobody could build with that builder: each listener would pass over it, and the image of the deploy
/// before would be taken for the new one. A plugin that builds tells nobody its builder's name, so any is trusted.
fn require_builder(ctx: &Ctx, builder: &str) -> Result {
    let trigger = triggers::BuilderBuild::NAME;
    let of_core = format!("builder-{builder}");
    // Who chose the builder null wants nothing built.
    let builds = |domain: &&Domain| {
        builder == "null" || domain.listeners.iter().any(|listener| listener.trigger == trigger)
    };
    let is_enabled = !ctx.bus.is_disabled(ctx.layout(), &of_core)?;
    let core = ctx.bus.domains().iter().find(|domain| is_enabled && domain.plugin == of_core);
    if core.is_some_and(builds) || !ctx.bus.externals(ctx.layout(), trigger)?.is_empty() {
        return Ok(());
    }
    let why = match core {
        Some(_) => {
            "Only its settings are there so far: building takes a plugin that listens to builder-build"
        }
        None => "It comes with a plugin that is not enabled, or its name is misspelled",
    };
    Err(Failure::user(format!("Nobody builds with the builder {builder}"))
        .hint(why)
        .hint("Another one: dokku builder:set APP selected BUILDER; none is chosen by the code"))
}

/// The folder that plugins are told of. Filled only when a plugin listens that wants files.
struct Work {
    folder: std::path::PathBuf,
    is_filled: bool,
}

impl Work {
    fn make(ctx: &Ctx) -> Result<Self> {
        // One process may build several apps side by side.
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let (outer, number) =
            (ctx.env.get("DOKKU_PID").unwrap_or("0"), COUNT.fetch_add(1, Ordering::Relaxed));
        let name = format!("dokku-{outer}-{}-{number}.receive", process::own_pid());
        let folder = files::temporary_folder().join(name);
        let mut work = Work { folder, is_filled: false };
        let Some(source) = &ctx.source else { return Ok(work) };
        for trigger in NEEDS_FILES {
            work.is_filled |= !ctx.bus.externals(ctx.layout(), trigger)?.is_empty();
        }
        if work.is_filled {
            // What no build can do without is missed before anything is written.
            source.context().entries()?;
            files::create_folders(&work.folder, 0o755)?;
            source.write_to(&work.folder)?;
        }
        Ok(work)
    }

    /// From here on plugins are started in the folder, and what they make of the files is what is built.
    fn entered(&self, ctx: Ctx) -> Ctx {
        if !self.is_filled {
            return ctx;
        }
        let source: Arc<dyn Source> = Arc::new(FolderSource::new(&self.folder));
        Ctx { source: Some(source), folder: Some(self.folder.clone()), ..ctx }
    }

    fn path(&self) -> String {
        self.folder.display().to_string()
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        // What cannot be removed now is below the temporary folder, which the next boot empties.
        let _ = files::remove_folder(&self.folder);
    }
}

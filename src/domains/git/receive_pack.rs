use std::sync::Arc;

use tokio::runtime::Handle;

use crate::deploy::{self, Code, Origin, StillGood, Turn};
use crate::kernel::{Command, Ctx, Failure, Gate, Result, Sink, Stream, Trigger};

use crate::model::AppName;
use crate::platform::git::{
    HeldPush, Later, Limits, Progress, Protocol, Push, ReceiveOptions, Receiver, RefResult, RefUpdate,
    Verdict, receive_pack,
};
use crate::platform::source::CommitSource;
use crate::platform::standard_streams::{Input, Output};
use crate::store::builds::{self, Status};
use crate::store::{interrupted, properties};
use crate::triggers;

use super::report::MAX_PUSH_SIZE;
use super::repository;

/// Receive a push (called by git over SSH)
///
/// The app is made if it does not exist. A push of its deploy branch is built and deployed before
/// the branch moves; one that fails changes nothing.
#[derive(clap::Args)]
pub struct ReceivePack {
    /// The app, as git names the repository: quoted, with a leading slash
    app: String,
}

impl Command for ReceivePack {
    const NAME: &'static str = "git-receive-pack";
    const GATE: Gate = Gate::Internal;

    async fn run(self, ctx: &Ctx) -> Result {
        let app = repository::app_of(&self.app)?;
        repository::make_app(ctx, &app).await?;
        let repository = repository::initialize(ctx, &app)?;
        let options = options(ctx, &app)?;
        let mut door = Door::new(&ctx.without_input(), &app);
        let received = tokio::task::spawn_blocking(move || {
            receive_pack(&mut Input, Box::new(Output), &repository, &options, &mut door)
        })
        .await
        .map_err(|error| Failure::internal(format!("the push ended unexpectedly: {error}")))??;
        let is_refused = received.results.iter().any(|result| result.refusal.is_some());
        if is_refused { Err(Failure::inner(1)) } else { Ok(()) }
    }
}

/// How pushes to the app are received.
///
/// # Errors
/// When the store cannot be read.
pub fn options(ctx: &Ctx, app: &AppName) -> Result<ReceiveOptions> {
    let mut options = ReceiveOptions {
        deploy_ref: Some(format!("refs/heads/{}", repository::deploy_branch(ctx, app)?)),
        limits: limits(ctx, app)?,
        protocol: Protocol::from_variable(ctx.env.get("GIT_PROTOCOL").unwrap_or_default()),
    };
    options.limits.pack_bytes_hint = Some(format!("raise it with: git:set {app} {MAX_PUSH_SIZE} <bytes>"));
    Ok(options)
}

fn limits(ctx: &Ctx, app: &AppName) -> Result<Limits> {
    let mut limits = Limits::default();
    let size = properties::computed(ctx.layout(), "git", &app.into(), MAX_PUSH_SIZE, "")?;
    if let Ok(size) = size.parse() {
        limits.pack_bytes = size;
    }
    Ok(limits)
}

/// Stands between git and the deploy.
pub struct Door {
    ctx: Ctx,
    app: AppName,
    handle: Handle,
    /// Whether a client listens. Without one all is said as any command says it.
    has_client: bool,
    /// What is written down if the push is cut off.
    held: Option<HeldPush>,
    /// The reference whose push was deployed, and its commit.
    deployed: Option<(String, String)>,
    /// Held until the references have changed: nobody may come between.
    turn: Option<Turn>,
}

impl Receiver for Door {
    fn decide(&mut self, push: &Push<'_>, band: &Progress) -> Vec<Verdict> {
        let ctx = self.telling(band);
        let handle = self.handle.clone();
        self.held = push.held();
        let mut refusal = None;
        for update in &push.updates {
            if let Err(failure) = handle.block_on(self.decide_one(&ctx, push, update)) {
                refusal = Some(failure);
                break;
            }
        }
        match refusal {
            None => vec![Verdict::Accept; push.updates.len()],
            Some(failure) => {
                failure.print(&ctx.out);
                let reason = deploy::reason(&failure);
                vec![Verdict::Refuse(reason); push.updates.len()]
            }
        }
    }

    fn landed(&mut self, results: &[RefResult], band: &Progress) {
        let Some((deployed, _)) = &self.deployed else { return };
        let ctx = self.telling(band);
        let has_landed =
            results.iter().any(|result| result.update.name == *deployed && result.refusal.is_none());
        let handle = self.handle.clone();
        let outcome = handle.block_on(async {
            if has_landed {
                // The first push decides which branch a clone gets.
                repository::initialize(&ctx, &self.app)?;
                deploy::commit(&ctx, &self.app).await
            } else {
                deploy::settle(&ctx, &self.app).await
            }
        });
        if let Err(failure) = outcome {
            failure.print(&ctx.out);
        }
    }

    fn is_cut_off(&self) -> bool {
        let (layout, app) = (self.ctx.layout(), &self.app);
        self.held.as_ref().is_some_and(|held| interrupted::is_noted(layout, app, &held.quarantine))
    }
}

impl Door {
    /// For a client that pushes to this app. It works on threads that may block.
    pub fn new(ctx: &Ctx, app: &AppName) -> Self {
        let (ctx, app, handle) = (ctx.clone(), app.clone(), Handle::current());
        Door { ctx, app, handle, has_client: true, held: None, deployed: None, turn: None }
    }

    /// The same where nobody listens any more.
    pub fn without_client(ctx: &Ctx, app: &AppName) -> Self {
        Door { has_client: false, ..Door::new(ctx, app) }
    }

    fn telling(&self, band: &Progress) -> Ctx {
        match self.has_client {
            true => self.ctx.printing_to(Arc::new(Band(band.clone()))),
            false => self.ctx.clone(),
        }
    }

    /// What a push of this reference means (Dokku 0.38.27, git-hook): a deploy, a deploy that makes the
    /// branch the app's deploy branch, or nothing but stored commits.
    async fn decide_one(&mut self, ctx: &Ctx, push: &Push<'_>, update: &RefUpdate) -> Result {
        let branch = repository::deploy_branch(ctx, &self.app)?;
        let is_deploy =
            update.name == format!("refs/heads/{branch}") || update.name == format!("refs/tags/{branch}");
        let Some(new) = &update.new else {
            return if is_deploy { Err(keep_branch(&self.app, &branch)) } else { Ok(()) };
        };
        if is_deploy {
            return self.deploy(ctx, push, update, None).await;
        }
        if !ctx.bus.externals(ctx.layout(), triggers::ReceiveBranch::NAME)?.is_empty() {
            let revision = new.to_string();
            ctx.fire(triggers::ReceiveBranch {
                app: self.app.clone(),
                revision: revision.clone(),
                reference: update.name.clone(),
            })
            .await?;
            return source_set(ctx, &self.app, revision).await;
        }
        let pushed = repository::short_name(&update.name);
        if chosen_branch(ctx, &self.app)?.is_empty() {
            line(ctx, &format!("Set {pushed} as deploy-branch"));
            return self.deploy(ctx, push, update, Some(pushed)).await;
        }
        line(ctx, &format!("WARNING: deploy did not complete, you must push to {branch}."));
        line(ctx, &format!("for example, try 'git push <dokku> {pushed}:{branch}'"));
        Ok(())
    }

    async fn deploy(
        &mut self,
        ctx: &Ctx,
        push: &Push<'_>,
        update: &RefUpdate,
        becomes: Option<&str>,
    ) -> Result {
        let Some(new) = &update.new else { return Ok(()) };
        let commit = push.commit_info(&push.objects()?.peel(new)?)?;
        let revision = commit.id.to_string();
        if is_deployed(self.deployed.as_ref(), &update.name, &revision)? {
            return Ok(());
        }
        let code = Code {
            source: Arc::new(CommitSource::new(push.tree(&commit.id)?, commit.time)),
            revision: revision.clone(),
            git_env: push.environment(),
            is_still_good: Some(still_good(ctx, &self.app, push.later(update), becomes)),
            deploy_branch: becomes.map(str::to_owned),
        };
        let origin = Origin {
            source: builds::Source::GitHook,
            reference: Some(update.name.clone()),
            push: self.held.clone(),
        };
        self.turn = Some(deploy::receive(ctx, &self.app, code, origin).await?);
        self.deployed = Some((update.name.clone(), revision.clone()));
        source_set(ctx, &self.app, revision).await
    }
}

/// The deploy branch that somebody chose, or the first push made it; empty where none is.
fn chosen_branch(ctx: &Ctx, app: &AppName) -> Result<String> {
    Ok(properties::computed(ctx.layout(), "git", &app.into(), "deploy-branch", "")?)
}

/// A push that waited for others is deployed if it builds on what they left, and if the branch that it makes the deploy
/// branch is not another's by now.
fn still_good(ctx: &Ctx, app: &AppName, push: Later, becomes: Option<&str>) -> StillGood {
    let (layout, app) = (ctx.layout().clone(), app.clone());
    let (ctx, becomes) = (ctx.clone(), becomes.map(str::to_owned));
    Arc::new(move || {
        if let Some(becomes) = &becomes {
            let now = chosen_branch(&ctx, &app)?;
            if !now.is_empty() && now != *becomes {
                return Err(Failure::user(format!(
                    "{now} became the deploy branch of {app} while this push waited"
                ))
                .hint(format!("Push to it: git push <dokku> {becomes}:{now}")));
            }
        }
        let Some(now) = push.overtaken_by()? else { return Ok(()) };
        let newest = builds::all(&layout, &app)?.into_iter().find(|one| one.status == Status::Succeeded);
        let by = newest.map(|one| format!(" by build {}", one.id)).unwrap_or_default();
        let now = now.to_string();
        let now = now.get(..7).unwrap_or(&now);
        Err(Failure::user(format!(
            "{now} was deployed{by} while this push waited, and it does not build on it"
        ))
        .hint("Take it in, and push again: git pull --rebase"))
    })
}

async fn source_set(ctx: &Ctx, app: &AppName, revision: String) -> Result {
    ctx.fire(triggers::DeploySourceSet {
        app: app.clone(),
        source_type: "git-push".to_owned(),
        metadata: revision,
    })
    .await
}

/// True when a reference of this push has deployed that commit already: branch and tag of one name come together. For
/// another commit there is no turn, as ours lasts until the references have changed.
fn is_deployed(deployed: Option<&(String, String)>, reference: &str, revision: &str) -> Result<bool> {
    match deployed {
        None => Ok(false),
        Some((_, known)) if known == revision => Ok(true),
        Some((other, _)) => Err(Failure::user(format!(
            "{other} and {reference} of one push both deploy, and are not the same commit"
        ))
        .hint("Push one of them alone")),
    }
}

fn keep_branch(app: &AppName, branch: &str) -> Failure {
    Failure::user(format!("{branch} is the deploy branch of {app} and stays"))
        .hint(format!("Deploy from another branch first: git:set {app} deploy-branch <branch>"))
        .hint(format!("Or destroy the app: apps:destroy {app}"))
}

/// A line that takes the place of the client's `remote: ` prefix, as Dokku prints it.
fn line(ctx: &Ctx, text: &str) {
    ctx.out.plain(format!("\u{1b}[1G\u{1b}[K-----> {text}"));
}

/// Both streams go to the client as progress.
struct Band(Progress);

impl Sink for Band {
    fn write(&self, _: Stream, bytes: &[u8]) -> std::io::Result<()> {
        use std::io::Write;
        // A client that went away does not stop the deploy.
        let _ = self.0.clone().write_all(bytes);
        Ok(())
    }

    fn is_gone(&self) -> bool {
        self.0.is_client_gone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branch_and_tag_of_one_name_deploy_once() {
        let deployed = ("refs/heads/main".to_owned(), "a1".to_owned());
        let later = |deployed, revision| is_deployed(deployed, "refs/tags/main", revision);
        assert!(matches!(later(None, "a1"), Ok(false)));
        assert!(matches!(later(Some(&deployed), "a1"), Ok(true)));
        let refused = later(Some(&deployed), "b2").expect_err("it would wait for itself");
        let text = refused.to_string();
        assert!(text.contains("refs/heads/main and refs/tags/main of one push both deploy"), "{text}");
    }
}

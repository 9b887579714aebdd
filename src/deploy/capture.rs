//! The record and the log of a deploy (contract: output.md section 1, last item; layout.md 4.1).

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use crate::kernel::{BuildLog, Ctx, Failure, Result};
use crate::model::AppName;
use crate::platform::git::HeldPush;
use crate::platform::{files, process};
use crate::store::apps;
use crate::store::builds::{self, End, Source, WaitsFor};
use crate::store::interrupted::Interrupted;
use crate::triggers;

use super::halt;
use super::settle::settle;
use super::turn::{InLine, Turn, require_unlocked};

/// How long the engine may take for what it was asked before a deploy was ended early: an image of a large container.
const CHANGES_END_WITHIN: Duration = Duration::from_mins(2);

/// Where a deploy comes from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// What started it.
    pub source: Source,
    /// The reference whose push it is: a newer push of the same takes its place while it waits. Without one nothing does.
    pub reference: Option<String>,
    /// What is to be written down should the end of the server cut it off: the push is then taken up at the next start.
    pub push: Option<HeldPush>,
}

impl From<Source> for Origin {
    fn from(source: Source) -> Self {
        Origin { source, reference: None, push: None }
    }
}

/// Runs a story as a recorded deploy of this app: in its turn, with a record and a log, standard error
/// merged into standard output. Inside another recorded deploy of the same app it simply runs.
///
/// What an earlier deploy left half-way is undone first; so is the story itself when it fails, or is ended early.
///
/// # Errors
/// The story's own, already printed: message empty, the reason as its cause.
///
/// The turn comes back, still held: until a push is accepted nobody else may take it, for whoever does undoes
/// what is not final.
pub async fn recorded<F>(
    ctx: &Ctx,
    app: &AppName,
    origin: Origin,
    story: impl FnOnce(Ctx) -> F,
) -> Result<Turn>
where
    F: Future<Output = Result> + Send,
{
    let id = match ctx.env.get("DOKKU_BUILD_ID") {
        Some(id) => id.to_owned(),
        None => new_id(ctx).await?,
    };
    if let Some(turn) = Turn::inherited(ctx, app)? {
        story(ctx.clone()).await?;
        return Ok(turn);
    }
    require_unlocked(ctx, app)?;
    let line = InLine::join(ctx, app, &id)?;
    let waits = !line.is_first()?;
    let source = origin.source;
    start(ctx, app, &id, source).await?;
    let layout = ctx.layout();
    let log_path = builds::log_path(layout, app, &id);
    let inner = ctx
        .printing_to(Arc::new(BuildLog::open(&log_path, ctx.out.sink())?))
        .with_env("DOKKU_BUILD_ID", &id)
        .with_env("DOKKU_BUILD_SOURCE", source.to_string())
        .with_env("DOKKU_BUILD_LOG_FILE", log_path.display().to_string())
        .with_env("DOKKU_REDIRECT_OUTPUT", "true");
    let mut turn = None;
    let push = origin.push.clone().map(|push| Interrupted {
        build_id: id.clone(),
        user: ctx.caller.user.clone(),
        name: ctx.caller.name.clone(),
        fingerprint: ctx.caller.fingerprint.clone(),
        push,
    });
    let waiting = Waiting { line, origin: waits.then_some(origin) };
    let mut outcome = tokio::select! {
        biased;
        outcome = in_turn(&inner, app, waiting, &mut turn, story) => outcome,
        why = halt::reason_to_end(&inner, app, &id, push.as_ref()) => Err(why.unwrap_or_else(|failure| failure)),
    };
    if !apps::exists(layout, app) {
        // Destroyed while we waited: there is nothing to write down any more.
        return outcome.and_then(|()| Err(Failure::no_such_app(app)));
    }
    if let Err(failure) = &outcome {
        // The log must say why, and the client hears it the same way.
        failure.print(&inner.out);
        if turn.is_some() {
            // What ended the deploy early may have come while the engine made a container or an image. One that makes no
            // end is not waited for: who takes the next turn looks again.
            let _ = timeout(CHANGES_END_WITHIN, inner.platform.docker.changes_end()).await;
            if let Err(second) = settle(&inner, app).await {
                second.print(&inner.out);
            }
        }
    }
    let end = match &outcome {
        Ok(()) => End::with(0),
        Err(failure) => {
            End { cause: Some(failure.message.clone()), ..End::with(i32::from(failure.status())) }
        }
    };
    finish(ctx, app, &id, end).await?;
    // The server looks at it from time to time.
    files::append(&layout.cleanup_wanted(), &format!("{app}\n"), 0o644)?;
    if let Err(failure) = &mut outcome {
        let said = std::mem::take(&mut failure.message);
        failure.hints.clear();
        failure.cause = Some(said.into());
    }
    outcome?;
    turn.ok_or_else(|| Failure::internal("The deploy had no turn"))
}

/// Who is in line, and what waits with it if somebody is before.
struct Waiting {
    line: InLine,
    origin: Option<Origin>,
}

/// Waits for the turn where somebody is before us, and runs the story in it. The turn outlives the story: what it left
/// is undone in it.
async fn in_turn<F>(
    ctx: &Ctx,
    app: &AppName,
    waiting: Waiting,
    turn: &mut Option<Turn>,
    story: impl FnOnce(Ctx) -> F,
) -> Result
where
    F: Future<Output = Result> + Send,
{
    let Waiting { line, origin } = waiting;
    let has_waited = origin.is_some();
    if let Some(origin) = origin {
        wait(ctx, app, &line, origin).await?;
    }
    *turn = Some(line.enter(ctx).await?);
    if has_waited {
        require_unlocked(ctx, app)?;
    }
    settle(ctx, app).await?;
    story(ctx.clone()).await
}

/// Stands in line. Older pushes of the same reference leave it, for they would be built for nothing.
async fn wait(ctx: &Ctx, app: &AppName, line: &InLine, origin: Origin) -> Result {
    let (layout, clock) = (ctx.layout(), &ctx.platform.clock);
    let id = ctx.env.get("DOKKU_BUILD_ID").unwrap_or_default();
    let mut waiting = None;
    builds::change(layout, app, id, |record| {
        record.waits_for = Some(WaitsFor::Turn);
        record.reference = origin.reference;
        waiting = Some(record.clone());
    })?;
    if let Some(waiting) = waiting {
        builds::supersede(layout, app, &waiting, clock.now())?;
    }
    line.wait(ctx).await?;
    let begins = builds::change(layout, app, id, |record| {
        record.waits_for = None;
        record.started_at = clock.now();
    })?;
    match builds::load(layout, app, id)? {
        Some(record) if !begins => Err(halt::ended(&record)),
        Some(_) | None => Ok(()),
    }
}

/// An id from whoever keeps records of builds.
async fn new_id(ctx: &Ctx) -> Result<String> {
    let id = ctx.fire(triggers::BuildsGenerateId {}).await?;
    let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    // It becomes the name of a file.
    Ok(if is_id { id } else { builds::new_id(&ctx.platform) })
}

async fn start(ctx: &Ctx, app: &AppName, id: &str, source: Source) -> Result {
    ctx.fire(triggers::BuildsRecordStart {
        app: app.clone(),
        build_id: id.to_owned(),
        pid: process::own_pid(),
        source: source.to_string(),
    })
    .await
}

/// The record says why a build failed; the trigger cannot, so it comes second and leaves what is final as it is.
async fn finish(ctx: &Ctx, app: &AppName, id: &str, end: End) -> Result {
    let exit_code = end.exit_code.to_string();
    builds::finish(ctx.layout(), app, id, end, ctx.platform.clock.now())?;
    ctx.fire(triggers::BuildsRecordFinalize { app: app.clone(), build_id: id.to_owned(), exit_code }).await
}

/// The reason of a failure that was printed already, in one line, for whoever must name it once more.
pub fn reason(failure: &Failure) -> String {
    let cause = failure.cause.as_ref().map(ToString::to_string).unwrap_or_default();
    let text = if failure.message.is_empty() { cause } else { failure.message.clone() };
    let line = text.lines().next().unwrap_or_default();
    if line.is_empty() { "the deploy failed, see above".to_owned() } else { line.to_owned() }
}

//! The record and the log of a deploy (contract: output.md section 1, last item; layout.md 4.1).

use std::sync::Arc;

use crate::kernel::{BuildLog, Ctx, Failure, Result};
use crate::model::AppName;
use crate::platform::process;
use crate::store::builds::{self, End, Source};
use crate::triggers;

use super::settle::settle;
use super::turn::Turn;

/// Runs a story as a recorded deploy of this app: in its turn, with a record and a log, standard error
/// merged into standard output. Inside another recorded deploy of the same app it simply runs.
///
/// What an earlier deploy left half-way is undone first; so is the story itself when it fails.
///
/// # Errors
/// The story's own, already printed: message empty, the reason as its cause.
///
/// The turn comes back, still held: until a push is accepted nobody else may take it, for whoever does undoes
/// what is not final.
pub async fn recorded<F>(
    ctx: &Ctx,
    app: &AppName,
    source: Source,
    story: impl FnOnce(Ctx) -> F,
) -> Result<Turn>
where
    F: Future<Output = Result> + Send,
{
    let id = match ctx.env.get("DOKKU_BUILD_ID") {
        Some(id) => id.to_owned(),
        None => new_id(ctx).await?,
    };
    let turn = Turn::take(ctx, app, &id).await?;
    if !turn.is_outermost() {
        story(ctx.clone()).await?;
        return Ok(turn);
    }
    settle(ctx, app).await?;
    let layout = ctx.layout();
    start(ctx, app, &id, source).await?;
    let log_path = builds::log_path(layout, app, &id);
    let inner = ctx
        .printing_to(Arc::new(BuildLog::open(&log_path, ctx.out.sink())?))
        .with_env("DOKKU_BUILD_ID", &id)
        .with_env("DOKKU_BUILD_SOURCE", source.to_string())
        .with_env("DOKKU_BUILD_LOG_FILE", log_path.display().to_string())
        .with_env("DOKKU_REDIRECT_OUTPUT", "true");
    let mut outcome = story(inner.clone()).await;
    if let Err(failure) = &outcome {
        // The log must say why, and the client hears it the same way.
        failure.print(&inner.out);
        if let Err(second) = settle(&inner, app).await {
            second.print(&inner.out);
        }
    }
    let end = match &outcome {
        Ok(()) => End::with(0),
        Err(failure) => {
            End { cause: Some(failure.message.clone()), ..End::with(i32::from(failure.status())) }
        }
    };
    finish(ctx, app, &id, end).await?;
    if let Err(failure) = &mut outcome {
        let said = std::mem::take(&mut failure.message);
        failure.hints.clear();
        failure.cause = Some(said.into());
    }
    outcome.map(|()| turn)
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

//! The rows of ps:report. What costs an engine call is asked once for all apps.

use crate::kernel::{BoxFuture, Ctx, Key, Report, Result, Shown, Value};
use crate::model::{AppName, Scope};
use crate::store::processes::{self, Running};
use crate::store::properties;
use crate::triggers::{DOCKER_LOCAL, is_deployed, scheduler_of};

use super::status::{self, States};

const fn row(flag: &'static str, shown: Shown, value: Value) -> Key {
    Key { flag, shown, value }
}

/// The report.
pub const REPORT: Report = Report {
    kind: "ps",
    prefix: "ps",
    has_legacy_json: true,
    has_small_labels: false,
    keys: &[
        // A trigger has the same name; this is the flag.
        row(concat!("ps-can", "-scale"), Shown::App, Value::Fact(can_scale)),
        row("ps-computed-dockerfile-start-cmd", Shown::App, Value::Computed("dockerfile-start-cmd")),
        row("ps-computed-procfile-path", Shown::Both, Value::Computed("procfile-path")),
        row("ps-computed-restart-policy", Shown::Both, Value::Computed("restart-policy")),
        row("ps-computed-skip-deploy", Shown::Both, Value::Computed("skip-deploy")),
        row("ps-computed-start-cmd", Shown::App, Value::Computed("start-cmd")),
        row("ps-computed-stop-timeout-seconds", Shown::Both, Value::Computed("stop-timeout-seconds")),
        row("ps-dockerfile-start-cmd", Shown::App, Value::Raw("dockerfile-start-cmd")),
        row("ps-global-procfile-path", Shown::Both, Value::Global("procfile-path")),
        row("ps-global-restart-policy", Shown::Both, Value::Global("restart-policy")),
        row("ps-global-skip-deploy", Shown::Both, Value::Global("skip-deploy")),
        row("ps-global-stop-timeout-seconds", Shown::Both, Value::Global("stop-timeout-seconds")),
        row("ps-procfile-path", Shown::App, Value::Raw("procfile-path")),
        row("ps-restart-policy", Shown::App, Value::Raw("restart-policy")),
        row("ps-skip-deploy", Shown::App, Value::Raw("skip-deploy")),
        row("ps-start-cmd", Shown::App, Value::Raw("start-cmd")),
        row("ps-stop-timeout-seconds", Shown::App, Value::Raw("stop-timeout-seconds")),
        row("restore", Shown::App, Value::Computed("restore")),
    ],
    extra: Some(containers),
};

fn can_scale(ctx: &Ctx, scope: &Scope) -> Result<String> {
    let value = properties::get(ctx.layout(), "ps", scope, "can-scale")?;
    Ok((value.as_deref() != Some("false")).to_string())
}

/// Flag and value of each row.
type Rows = Vec<(String, String)>;

fn containers(ctx: Ctx, scopes: Vec<Scope>) -> BoxFuture<Result<Vec<Rows>>> {
    Box::pin(async move {
        let mut known = Vec::new();
        for scope in &scopes {
            known.push(match scope.app() {
                Some(app) => processes::running(ctx.layout(), app)?,
                None => Vec::new(),
            });
        }
        let states =
            if known.iter().all(Vec::is_empty) { States::default() } else { states(&ctx, &scopes).await? };
        let mut all = Vec::with_capacity(scopes.len());
        for (scope, running) in scopes.iter().zip(&known) {
            all.push(match scope.app() {
                Some(app) => rows(&ctx, app, running, &states).await?,
                None => Vec::new(),
            });
        }
        Ok(all)
    })
}

async fn states(ctx: &Ctx, scopes: &[Scope]) -> Result<States> {
    match scopes {
        [Scope::App(app)] => States::of(ctx, Some(app)).await,
        _ => States::of(ctx, None).await,
    }
}

async fn rows(ctx: &Ctx, app: &AppName, running: &[Running], states: &States) -> Result<Rows> {
    let row = |flag: &str, value: String| (flag.to_owned(), value);
    let mut rows = vec![row("deployed", is_deployed(ctx, app).await?.to_string())];
    if scheduler_of(ctx, app).await? != DOCKER_LOCAL {
        let (count, state) = status::of(ctx, app).await?;
        rows.extend([row("processes", count), row("running", state)]);
        return Ok(rows);
    }
    let state = states.summary(running);
    rows.extend([row("processes", running.len().to_string()), row("running", state.to_owned())]);
    for one in running {
        let state = states.state(&one.id);
        let short = one.id.get(..11).unwrap_or(&one.id);
        rows.push(row(&format!("status-{}", one.dyno), format!("{state} (CID: {short})")));
    }
    Ok(rows)
}

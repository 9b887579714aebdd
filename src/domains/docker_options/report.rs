//! The rows of docker-options:report.

use crate::kernel::{BoxFuture, Ctx, Key, Report, Result, Shown, Value};
use crate::model::{AppName, Scope};
use crate::store::properties;

use super::DOMAIN;
use super::stored::{self, ALL};

/// The report.
pub const REPORT: Report = Report {
    kind: "docker-options",
    prefix: "docker-options",
    has_legacy_json: true,
    has_small_labels: false,
    keys: &[
        row("docker-options-build"),
        row("docker-options-deploy"),
        row("docker-options-deploy.*"),
        row("docker-options-run"),
    ],
    extra: Some(of_processes),
};

const fn row(flag: &'static str) -> Key {
    Key { flag, shown: Shown::App, value: Value::List(options) }
}

/// The options of `docker-options-PHASE`, or those of one process type, `docker-options-PHASE.TYPE`.
fn options(ctx: &Ctx, scope: &Scope, flag: &str) -> Result<Vec<String>> {
    let what = flag.strip_prefix("docker-options-").unwrap_or(flag);
    let (phase, process) = what.split_once('.').unwrap_or((what, ALL));
    match scope.app() {
        Some(app) => stored::read(ctx, app, &format!("{process}.{phase}")),
        None => Ok(Vec::new()),
    }
}

/// Names of flags with their values.
type Rows = Vec<(String, String)>;

/// A row for each process type that has options of its own.
fn of_processes(ctx: Ctx, scopes: Vec<Scope>) -> BoxFuture<Result<Vec<Rows>>> {
    Box::pin(async move {
        scopes.iter().map(|scope| scope.app().map_or(Ok(Vec::new()), |app| processes(&ctx, app))).collect()
    })
}

fn processes(ctx: &Ctx, app: &AppName) -> Result<Rows> {
    let mut rows = Vec::new();
    for key in properties::keys(ctx.layout(), DOMAIN.plugin, &Scope::from(app))? {
        let process = key.strip_suffix(".deploy").filter(|process| *process != ALL);
        if let Some(process) = process {
            let options = stored::read(ctx, app, &key)?.join(" ");
            rows.push((format!("docker-options-deploy.{process}"), options));
        }
    }
    Ok(rows)
}

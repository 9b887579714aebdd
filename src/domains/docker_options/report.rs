//! The rows of docker-options:report.

use crate::kernel::{BoxFuture, Ctx, Key, Report, Result, Shown, Value};
use crate::model::{AppName, Scope};
use crate::store::properties;

use super::DOMAIN;
use super::stored::{self, ALL, Phase};

/// The report.
pub const REPORT: Report = Report {
    kind: "docker-options",
    prefix: "docker-options",
    has_legacy_json: true,
    has_small_labels: false,
    keys: &[
        row("docker-options-build", |ctx, scope| of(ctx, scope, Phase::Build)),
        row("docker-options-deploy", |ctx, scope| of(ctx, scope, Phase::Deploy)),
        row("docker-options-run", |ctx, scope| of(ctx, scope, Phase::Run)),
    ],
    extra: Some(of_processes),
};

const fn row(flag: &'static str, value: fn(&Ctx, &Scope) -> Result<String>) -> Key {
    Key { flag, shown: Shown::App, value: Value::Fact(value) }
}

fn of(ctx: &Ctx, scope: &Scope, phase: Phase) -> Result<String> {
    match scope.app() {
        Some(app) => Ok(stored::read(ctx, app, &phase.key(ALL))?.join(" ")),
        None => Ok(String::new()),
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

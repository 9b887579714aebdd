//! The rows of ports:report.

use super::read;
use crate::kernel::{BoxFuture, Ctx, Report, Result};
use crate::model::{PortMap, Scope};
use crate::store::ports;

/// The report.
pub const REPORT: Report = Report {
    kind: "ports",
    prefix: "ports",
    has_legacy_json: true,
    has_small_labels: false,
    keys: &[],
    extra: Some(rows),
};

type Rows = Vec<(String, String)>;

fn rows(ctx: Ctx, scopes: Vec<Scope>) -> BoxFuture<Result<Vec<Rows>>> {
    Box::pin(async move {
        let mut all = Vec::with_capacity(scopes.len());
        for scope in scopes {
            all.push(of(&ctx, &scope).await?);
        }
        Ok(all)
    })
}

async fn of(ctx: &Ctx, scope: &Scope) -> Result<Rows> {
    let Some(app) = scope.app() else { return Ok(Vec::new()) };
    let user = ports::user(ctx.layout(), app)?;
    let detected = read::detected(ctx, app).await?;
    let row = |flag: &str, value: String| (format!("ports-{flag}"), value);
    Ok(vec![
        row("map", text(&user)),
        row("map-detected", text(&detected)),
        row("map-detected-json", read::json(&detected)),
        row("map-json", read::json(&user)),
    ])
}

fn text(maps: &[PortMap]) -> String {
    maps.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

//! The rows of resource:report: what is stored, and nothing else.

use crate::kernel::{BoxFuture, Ctx, Report, Result};
use crate::model::Scope;
use crate::store::properties;

use super::DOMAIN;

/// The report.
pub const REPORT: Report = Report {
    kind: "resource",
    prefix: "resource",
    has_legacy_json: true,
    has_small_labels: true,
    keys: &[],
    extra: Some(all_stored),
};

/// Names of flags with their values.
type Rows = Vec<(String, String)>;

fn all_stored(ctx: Ctx, scopes: Vec<Scope>) -> BoxFuture<Result<Vec<Rows>>> {
    Box::pin(async move { scopes.iter().map(|scope| stored(&ctx, scope)).collect() })
}

fn stored(ctx: &Ctx, scope: &Scope) -> Result<Rows> {
    let mut rows = Vec::new();
    for key in properties::keys(ctx.layout(), DOMAIN.plugin, scope)? {
        let value = properties::get(ctx.layout(), DOMAIN.plugin, scope, &key)?.unwrap_or_default();
        rows.push((format!("resource-{key}"), value));
    }
    Ok(rows)
}

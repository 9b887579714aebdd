use super::view;
use crate::kernel::{Ctx, Key, Properties, Property, Report, Result, Style};
use crate::model::{Fault, Outcome, Scope};
use crate::store::builds::{self, Record};

/// What `builds:set` knows.
pub const PROPERTIES: Properties = Properties {
    plugin: "builds",
    style: Style::Builds,
    list: &[Property::both("retention", "20", "how many finished builds are remembered").checked(count)],
    after_set: None,
};

fn count(text: &str) -> Outcome {
    match text.parse::<i64>() {
        Err(_) => Err(Fault::new(format!("Invalid retention \"{text}\": must be a positive integer"))),
        Ok(number) if number < 1 => Err(Fault::new(format!("Invalid retention {number}: must be >= 1"))),
        Ok(_) => Ok(()),
    }
}

/// What `builds:report` shows.
pub const REPORT: Report = Report {
    kind: "builds",
    prefix: "builds",
    has_legacy_json: true,
    has_small_labels: false,
    keys: &[
        Key::fact("build-exit-code", |ctx, scope| {
            newest(ctx, scope, |record| record.exit_code.map(|code| code.to_string()))
        }),
        Key::fact("build-finished-at", |ctx, scope| {
            newest(ctx, scope, |record| record.finished_at.map(view::time))
        }),
        Key::fact("build-id", |ctx, scope| newest(ctx, scope, |record| Some(record.id.clone()))),
        Key::fact("build-kind", |ctx, scope| newest(ctx, scope, |record| Some(record.kind.to_string()))),
        Key::fact("build-pid", |ctx, scope| newest(ctx, scope, |record| Some(record.pid.to_string()))),
        Key::fact("build-source", |ctx, scope| newest(ctx, scope, |record| Some(record.source.to_string()))),
        Key::fact("build-started-at", |ctx, scope| {
            newest(ctx, scope, |record| Some(view::time(record.started_at)))
        }),
        Key::fact("build-status", |ctx, scope| {
            newest(ctx, scope, |record| Some(record.shown_status().to_string()))
        }),
        Key::fact("builds-computed-retention", retention),
        Key::global("builds-global-retention", "retention"),
        Key::own("builds-retention", "retention"),
    ],
    extra: None,
};

fn newest(ctx: &Ctx, scope: &Scope, value: impl Fn(&Record) -> Option<String>) -> Result<String> {
    let Some(app) = scope.app() else { return Ok(String::new()) };
    Ok(builds::all(ctx.layout(), app)?.first().and_then(value).unwrap_or_default())
}

fn retention(ctx: &Ctx, scope: &Scope) -> Result<String> {
    Ok(match scope.app() {
        Some(app) => builds::retention(ctx.layout(), app)?.to_string(),
        None => String::new(),
    })
}

use super::view;
use crate::kernel::{Ctx, Key, Properties, Property, Report, Result, Style, switch};
use crate::model::schedule::Schedule;
use crate::model::{Fault, Outcome, Scope, size};
use crate::store::builds::{self, Record, settings};

/// What `builds:set` knows.
pub const PROPERTIES: Properties = Properties {
    plugin: "builds",
    style: Style::Builds,
    list: &[
        Property::global(
            settings::CLEANUP_SCHEDULE,
            settings::CLEANUP_AT,
            "when the server cleans up; none: never",
        )
        .checked(schedule),
        Property::both(settings::CPU_LIMIT, "", "processors that a build may use; none: all, like an app")
            .checked(processors),
        Property::both(settings::DISK_GUARD, "true", "false: builds begin however full the disk is")
            .checked(switch),
        Property::global(
            settings::PARALLEL,
            "",
            "builds that run at once; one for each processor unless set",
        )
        .checked(parallel),
        Property::both(settings::MEMORY_LIMIT, "", "memory that a build may use: 2g; none: all")
            .checked(memory),
        Property::both(settings::MIN_FREE_DISK, settings::MIN_FREE, "what a build leaves free of the disk")
            .checked(bytes),
        Property::both("retention", "20", "how many finished builds are remembered").checked(count),
    ],
    after_set: None,
};

fn schedule(text: &str) -> Outcome {
    if text == settings::NONE { Ok(()) } else { Schedule::parse_crontab(text).map(drop) }
}

fn processors(text: &str) -> Outcome {
    let is_count = || text.parse::<f64>().is_ok_and(|count| count.is_finite() && count > 0.0);
    if text == settings::NONE || is_count() {
        return Ok(());
    }
    Err(Fault::new(format!(
        "Invalid {} \"{text}\": must be a number of processors, or none",
        settings::CPU_LIMIT
    ))
    .hint("For example 1.5"))
}

fn parallel(text: &str) -> Outcome {
    match text.parse::<usize>() {
        Ok(number) if number >= 1 => Ok(()),
        Ok(_) | Err(_) => Err(Fault::new(format!(
            "Invalid {} \"{text}\": must be a number of builds, at least 1",
            settings::PARALLEL
        ))),
    }
}

fn memory(text: &str) -> Outcome {
    // What an engine takes at least.
    let is_size = || size::parse_bytes(text).is_some_and(|bytes| bytes >= 6 << 20);
    if text == settings::NONE || is_size() {
        return Ok(());
    }
    Err(Fault::new(format!(
        "Invalid {} \"{text}\": must be a size of at least 6m, or none",
        settings::MEMORY_LIMIT
    ))
    .hint("For example 512m or 2g"))
}

fn bytes(text: &str) -> Outcome {
    match size::parse_bytes(text) {
        Some(_) => Ok(()),
        None => Err(Fault::new(format!("Invalid {} \"{text}\": must be a size", settings::MIN_FREE_DISK))
            .hint("For example 500m or 2g")),
    }
}

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
        Key::computed("builds-computed-cleanup-schedule", settings::CLEANUP_SCHEDULE),
        Key::computed("builds-computed-cpu-limit", settings::CPU_LIMIT),
        Key::computed("builds-computed-disk-guard", settings::DISK_GUARD),
        Key::fact("builds-computed-max-parallel", |ctx, _| Ok(settings::parallel(ctx.layout())?.to_string())),
        Key::computed("builds-computed-memory-limit", settings::MEMORY_LIMIT),
        Key::computed("builds-computed-min-free-disk", settings::MIN_FREE_DISK),
        Key::fact("builds-computed-retention", retention),
        Key::own("builds-cpu-limit", settings::CPU_LIMIT),
        Key::own("builds-disk-guard", settings::DISK_GUARD),
        Key::global("builds-global-cleanup-schedule", settings::CLEANUP_SCHEDULE),
        Key::global("builds-global-cpu-limit", settings::CPU_LIMIT),
        Key::global("builds-global-disk-guard", settings::DISK_GUARD),
        Key::global("builds-global-max-parallel", settings::PARALLEL),
        Key::global("builds-global-memory-limit", settings::MEMORY_LIMIT),
        Key::global("builds-global-min-free-disk", settings::MIN_FREE_DISK),
        Key::global("builds-global-retention", "retention"),
        Key::own("builds-memory-limit", settings::MEMORY_LIMIT),
        Key::own("builds-min-free-disk", settings::MIN_FREE_DISK),
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

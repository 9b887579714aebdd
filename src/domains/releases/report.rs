use crate::deploy;
use crate::kernel::{BoxFuture, Ctx, Key, Properties, Property, Report, Result, Style};
use crate::model::{Fault, Outcome, Scope, size};
use crate::store::releases::{self, NO_LIMIT, Release};

/// What `releases:set` knows.
pub const PROPERTIES: Properties = Properties {
    plugin: releases::PLUGIN,
    style: Style::Go,
    list: &[
        Property::both("retention", "10", "How many releases an app can return to, the current one among them")
            .checked(count),
        Property::both(
            "retention-disk",
            releases::RETENTION_DISK,
            "How much disk the images of older releases may take that the current one does not need; none for no limit",
        )
        .checked(bytes),
    ],
    after_set: Some(after_set),
};

fn count(text: &str) -> Outcome {
    match text.parse::<usize>() {
        Ok(number) if number >= 1 => Ok(()),
        Ok(_) | Err(_) => {
            Err(Fault::new(format!("Invalid retention \"{text}\": must be a number from 1 on")))
        }
    }
}

fn bytes(text: &str) -> Outcome {
    if text == NO_LIMIT || size::parse_bytes(text).is_some() {
        return Ok(());
    }
    Err(Fault::new(format!(
        "Invalid retention-disk \"{text}\": must be a size such as 500m or 2g, or {NO_LIMIT}"
    )))
}

/// Who sets a limit wants the room now.
fn after_set(ctx: Ctx, scope: Scope, _: &'static str, _: String) -> BoxFuture<Result> {
    Box::pin(async move {
        let apps = match scope {
            Scope::App(app) => vec![app],
            Scope::Global => ctx.apps()?,
        };
        for app in apps {
            if !releases::all(ctx.layout(), &app)?.is_empty() {
                deploy::forget_old_releases(&ctx, &app).await?;
            }
        }
        Ok(())
    })
}

/// What `releases:report` shows.
pub const REPORT: Report = Report {
    kind: "releases",
    prefix: "releases",
    has_legacy_json: false,
    has_small_labels: false,
    keys: &[
        Key::computed("releases-computed-retention", "retention"),
        Key::computed("releases-computed-retention-disk", "retention-disk"),
        Key::fact("releases-count", |ctx, scope| {
            let kept = all(ctx, scope)?.iter().filter(|release| release.is_kept()).count();
            Ok(kept.to_string())
        }),
        Key::fact("releases-current", |ctx, scope| number(releases::current(&all(ctx, scope)?))),
        Key::global("releases-global-retention", "retention"),
        Key::global("releases-global-retention-disk", "retention-disk"),
        Key::own("releases-retention", "retention"),
        Key::own("releases-retention-disk", "retention-disk"),
        Key::fact("releases-rollback-to", |ctx, scope| number(releases::fallback(&all(ctx, scope)?))),
    ],
    extra: None,
};

fn all(ctx: &Ctx, scope: &Scope) -> Result<Vec<Release>> {
    Ok(match scope.app() {
        Some(app) => releases::all(ctx.layout(), app)?,
        None => Vec::new(),
    })
}

fn number(release: Option<&Release>) -> Result<String> {
    Ok(release.map(|release| release.number.to_string()).unwrap_or_default())
}

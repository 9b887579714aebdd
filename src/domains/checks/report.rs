//! The rows of checks:report: Dokku's, and those of what can be set here.

use super::lists::List;
use crate::kernel::{Ctx, Key, Report, Result};
use crate::model::Scope;

/// The report.
pub const REPORT: Report = Report {
    kind: "checks",
    prefix: "checks",
    has_legacy_json: false,
    has_small_labels: false,
    keys: &[
        Key::own("checks-attempts", "attempts"),
        Key::computed("checks-computed-attempts", "attempts"),
        Key::computed("checks-computed-default-wait", "default-wait"),
        Key::computed("checks-computed-listen-timeout", "listen-timeout"),
        Key::computed("checks-computed-liveness", "liveness"),
        Key::computed("checks-computed-timeout", "timeout"),
        Key::computed("checks-computed-wait", "wait"),
        Key::computed("checks-computed-wait-to-retire", "wait-to-retire"),
        Key::computed("checks-computed-watch", "watch"),
        Key::own("checks-default-wait", "default-wait"),
        Key::fact("checks-disabled-list", disabled),
        Key::global("checks-global-attempts", "attempts"),
        Key::global("checks-global-default-wait", "default-wait"),
        Key::global("checks-global-listen-timeout", "listen-timeout"),
        Key::global("checks-global-liveness", "liveness"),
        Key::global("checks-global-timeout", "timeout"),
        Key::global("checks-global-wait", "wait"),
        Key::global("checks-global-wait-to-retire", "wait-to-retire"),
        Key::global("checks-global-watch", "watch"),
        Key::own("checks-listen-timeout", "listen-timeout"),
        Key::own("checks-liveness", "liveness"),
        Key::fact("checks-skipped-list", skipped),
        Key::own("checks-timeout", "timeout"),
        Key::own("checks-wait", "wait"),
        Key::own("checks-wait-to-retire", "wait-to-retire"),
        Key::own("checks-watch", "watch"),
    ],
    extra: None,
};

fn disabled(ctx: &Ctx, scope: &Scope) -> Result<String> {
    text(ctx, scope, List::Disabled)
}

fn skipped(ctx: &Ctx, scope: &Scope) -> Result<String> {
    text(ctx, scope, List::Skipped)
}

fn text(ctx: &Ctx, scope: &Scope, list: List) -> Result<String> {
    let text = scope.app().map(|app| list.text(ctx, app)).transpose()?.unwrap_or_default();
    Ok(if text.is_empty() { "none".to_owned() } else { text })
}

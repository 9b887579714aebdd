//! The rows of haproxy:report.

use super::properties::PROPERTIES;
use crate::deploy::proxies::{self, rows};
use crate::kernel::{Ctx, Report, Result};
use crate::model::Scope;

/// The report.
pub const REPORT: Report = Report {
    kind: "haproxy",
    prefix: "haproxy",
    has_legacy_json: false,
    has_small_labels: false,
    keys: rows!(
        "haproxy", computed;
        "http-port" "https-port" "image" "letsencrypt-email" "letsencrypt-server" "log-level" "refresh-conf";
    ),
    extra: None,
};

fn computed(ctx: &Ctx, scope: &Scope, key: &str) -> Result<String> {
    proxies::computed(ctx, &PROPERTIES, scope, key)
}

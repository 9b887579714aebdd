//! The rows of nginx:report: each setting three times, and when the app was last visited.

use std::path::Path;

use super::{properties, settings};
use crate::kernel::{Ctx, Key, Report, Result, Shown, Value};
use crate::model::Scope;
use crate::platform::files;
use crate::store;

macro_rules! rows {
    ($($key:literal)*) => {
        &[
            $(
                Key { flag: concat!("nginx-", $key), shown: Shown::App, value: Value::Raw($key) },
                Key {
                    flag: concat!("nginx-computed-", $key),
                    shown: Shown::App,
                    value: Value::Fact(|ctx, scope| settings::of(ctx, scope, $key)),
                },
                Key { flag: concat!("nginx-global-", $key), shown: Shown::Both, value: Value::Global($key) },
            )*
            Key { flag: "nginx-last-visited-at", shown: Shown::App, value: Value::Fact(last_visited_at) },
        ]
    };
}

/// The report.
pub const REPORT: Report = Report {
    kind: "nginx",
    prefix: "nginx",
    has_legacy_json: false,
    has_small_labels: false,
    keys: rows! {
        "access-log-format" "access-log-path" "bind-address-ipv4" "bind-address-ipv6"
        "client-body-timeout" "client-header-timeout" "client-max-body-size" "disable-custom-config"
        "error-log-path" "hsts" "hsts-include-subdomains" "hsts-max-age" "hsts-preload"
        "keepalive-timeout" "lingering-timeout" "nginx-conf-sigil-path" "nginx-service-command"
        "proxy-buffer-size" "proxy-buffering" "proxy-buffers" "proxy-busy-buffers-size"
        "proxy-connect-timeout" "proxy-keepalive" "proxy-read-timeout" "proxy-send-timeout"
        "send-timeout" "underscore-in-headers" "x-forwarded-for-value" "x-forwarded-port-value"
        "x-forwarded-proto-value" "x-forwarded-ssl"
    },
    extra: None,
};

/// When the access log was last written, seconds of the epoch. Dokku looks only at a log that was set for the app.
fn last_visited_at(ctx: &Ctx, scope: &Scope) -> Result<String> {
    let plugin = properties::PROPERTIES.plugin;
    let path = store::properties::get(ctx.layout(), plugin, scope, "access-log-path")?.unwrap_or_default();
    if matches!(path.as_str(), "" | "off" | "/dev/null") {
        return Ok(String::new());
    }
    Ok(files::modified_at(Path::new(&path)).map(|seconds| seconds.to_string()).unwrap_or_default())
}

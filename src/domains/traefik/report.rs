//! The rows of traefik:report. Secrets are for programs, and for whoever asks for one by its flag.

use super::properties::{PROPERTIES, PROVIDER_VARIABLE};
use crate::deploy::proxies::{self, rows};
use crate::kernel::{BoxFuture, Ctx, Key, Report, Result, Shown, Value};
use crate::model::Scope;
use crate::store::properties;

/// The report.
pub const REPORT: Report = Report {
    kind: "traefik",
    prefix: "traefik",
    has_legacy_json: false,
    has_small_labels: false,
    keys: rows!(
        "traefik", computed;
        "api-enabled" "api-entry-point" "api-entry-point-address" "api-vhost" "basic-auth-username"
        "challenge-mode" "dashboard-enabled" "dns-provider" "http-entry-point" "http-port" "https-entry-point"
        "https-port" "image" "letsencrypt-email" "letsencrypt-server" "log-level";;
        secret("traefik-computed-basic-auth-password", &Value::Computed("basic-auth-password")),
        secret("traefik-global-basic-auth-password", &Value::Global("basic-auth-password")),
        secret("traefik-global-dns-provider-*", &Value::Global(""))
    ),
    extra: Some(variables),
};

const fn secret(flag: &'static str, whole: &'static Value) -> Key {
    Key {
        flag,
        shown: Shown::Both,
        value: Value::Hidden { whole, hide: |_| "*******".to_owned(), is_told: true },
    }
}

fn computed(ctx: &Ctx, scope: &Scope, key: &str) -> Result<String> {
    proxies::computed(ctx, &PROPERTIES, scope, key)
}

/// Flag and value of each row.
type Rows = Vec<(String, String)>;

/// The variables of the DNS provider, which are the same for all apps.
fn variables(ctx: Ctx, scopes: Vec<Scope>) -> BoxFuture<Result<Vec<Rows>>> {
    Box::pin(async move {
        let mut rows = Vec::new();
        for key in properties::keys(ctx.layout(), PROPERTIES.plugin, &Scope::Global)? {
            if key.starts_with(PROVIDER_VARIABLE) {
                let value = properties::get(ctx.layout(), PROPERTIES.plugin, &Scope::Global, &key)?;
                rows.push((format!("traefik-global-{key}"), value.unwrap_or_default()));
            }
        }
        Ok(vec![rows; scopes.len()])
    })
}

//! A record as it is shown: with what only the present knows (contract: output.md section 5, builds).

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::kernel::Ctx;
use crate::model::AppName;
use crate::store::builds::{self, Record};

/// The record as JSON, keys in Dokku's order; keys that only we write are left out.
pub fn json(ctx: &Ctx, app: &AppName, record: &Record) -> Value {
    let mut keys = Map::new();
    let mut put = |key: &str, value: Value| keys.insert(key.to_owned(), value);
    put("id", json!(record.id));
    put("app", json!(record.app));
    put("kind", json!(record.kind));
    put("pid", json!(record.pid));
    put("started_at", json!(record.started_at));
    if let Some(finished_at) = record.finished_at {
        put("finished_at", json!(finished_at));
    }
    put("status", json!(record.status));
    put("source", json!(record.source));
    if let Some(exit_code) = record.exit_code {
        put("exit_code", json!(exit_code));
    }
    put("display_status", json!(record.shown_status()));
    put("duration", json!(record.duration(ctx.platform.clock.now())));
    put("log_path", json!(builds::log_path(ctx.layout(), app, &record.id).display().to_string()));
    Value::Object(keys)
}

/// A time to the second, RFC 3339, UTC.
pub fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

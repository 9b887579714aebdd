//! A record as it is shown: with what only the present knows (contract: output.md section 5, builds).

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::kernel::Ctx;
use crate::model::AppName;
use crate::store::builds::{self, Record};

/// The record as JSON, keys in Dokku's order; those that only we write come last, where there is something to say.
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
    put("display_status", json!(status(record)));
    put("duration", json!(record.duration(ctx.platform.clock.now())));
    put("log_path", json!(builds::log_path(ctx.layout(), app, &record.id).display().to_string()));
    if let Some(what) = record.waits_for.filter(|_| record.is_waiting()) {
        put("waits_for", json!(what));
    }
    if let Some(cause) = &record.cause {
        put("cause", json!(cause));
    }
    if let Some(bytes) = record.disk_growth {
        put("disk_growth", json!(bytes));
    }
    Value::Object(keys)
}

/// The status as people read it: one that stands in line runs, as far as programs are concerned, and waits.
pub fn status(record: &Record) -> String {
    if record.is_waiting() { "waiting".to_owned() } else { record.shown_status().to_string() }
}

/// A time to the second, RFC 3339, UTC.
pub fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

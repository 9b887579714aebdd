//! The log of the server: one line per event on standard error, for `docker logs`.

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt;

use crate::platform::env::Env;
use crate::platform::terminal;

/// Begins to log. `DOKKU_LOG` holds a format (`text` or `json`), a level (`error` to `trace`) or both,
/// separated by a comma; text and `info` without a word.
pub fn begin(env: &Env) {
    let wish = env.get("DOKKU_LOG").unwrap_or_default();
    let is_json = wish.split(',').any(|word| word.trim() == "json");
    // An empty word would be parsed as `error`.
    let words = wish.split(',').map(str::trim).filter(|word| !word.is_empty());
    let level = words.filter_map(|word| word.parse().ok()).next().unwrap_or(LevelFilter::INFO);
    let builder = fmt().with_max_level(level).with_writer(terminal::log_output).with_target(false);
    // That somebody else has begun to log already (a test) is fine.
    let _ = if is_json {
        builder.json().flatten_event(true).try_init()
    } else {
        builder.with_ansi(false).try_init()
    };
}

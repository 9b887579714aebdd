//! The log of the server: one line per event on standard error, for `docker logs`.

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt;

use crate::platform::env::Env;
use crate::platform::terminal;

/// Begins to log. `DOKKU_LOG` holds a format (`text` or `json`), a level (`error` to `trace`) or both,
/// separated by a comma; text and `info` without a word.
pub fn begin(env: &Env) {
    let wish = env.get("DOKKU_LOG").unwrap_or_default();
    let (is_json, level) = read(wish);
    let builder = fmt().with_max_level(level).with_writer(terminal::log_output).with_target(false);
    // That somebody else has begun to log already (a test) is fine.
    let _ = if is_json {
        builder.json().flatten_event(true).try_init()
    } else {
        builder.with_ansi(false).try_init()
    };
}

fn read(wish: &str) -> (bool, LevelFilter) {
    // The empty word would be read as a level, and not as the usual one.
    let words: Vec<&str> = wish.split(',').map(str::trim).filter(|word| !word.is_empty()).collect();
    let level = words.iter().find_map(|word| word.parse().ok()).unwrap_or(LevelFilter::INFO);
    (words.contains(&"json"), level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn format_and_level_are_read_in_any_order() {
        for (wish, expected) in [
            ("", (false, LevelFilter::INFO)),
            ("json", (true, LevelFilter::INFO)),
            ("text,debug", (false, LevelFilter::DEBUG)),
            ("warn, json", (true, LevelFilter::WARN)),
            ("nonsense", (false, LevelFilter::INFO)),
        ] {
            assert_eq!(read(wish), expected, "{wish:?}");
        }
    }
}

//! JSON with the very bytes that Dokku's compiled plugins write.

use serde::Serialize;

use super::failure::{Failure, Result};

/// The value on one line.
pub fn compact(value: &impl Serialize) -> String {
    as_go(serde_json::to_string(value).expect("what we print as JSON has text keys and no foreign numbers"))
}

/// The value on many lines, two spaces a level.
pub fn indented(value: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(value);
    as_go(text.expect("what we print as JSON has text keys and no foreign numbers"))
}

/// Go's encoder, unlike ours, escapes `<`, `>` and `&`, and the two line separators of Unicode.
fn as_go(text: String) -> String {
    if !text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']) {
        return text;
    }
    // They stand only inside strings, so that the text as a whole can be treated.
    text.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

/// Whether a `--format` asks for JSON; any other but `stdout` is refused.
///
/// # Errors
/// The refusal.
pub fn is_asked(format: &str) -> Result<bool> {
    match format {
        "json" => Ok(true),
        "" | "stdout" => Ok(false),
        _ => Err(Failure::user("Invalid format specified, supported formats: json, stdout")),
    }
}

//! `html`, `js` and `urlquery`.

use super::literals::is_printable;

/// A text that HTML shows as it is.
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\0' => out.push('\u{fffd}'),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            other => out.push(other),
        }
    }
    out
}

/// A text that may stand between quotes in a script.
pub fn js(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | '\'' | '"' => {
                out.push('\\');
                out.push(letter);
            }
            '<' | '>' | '&' | '=' => push_code(&mut out, letter),
            control if u32::from(control) < 0x20 => push_code(&mut out, control),
            other if other.is_ascii() || is_printable(other) => out.push(other),
            other => push_code(&mut out, other),
        }
    }
    out
}

fn push_code(out: &mut String, letter: char) {
    out.push_str(&format!("\\u{:04X}", u32::from(letter)));
}

/// A text that may be a value in an address.
pub fn urlquery(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

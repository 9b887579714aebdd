//! The duration behind `@every`, as Go writes one: `1h30m`, `90s`, `1.5h`.

use crate::model::{Fault, Outcome};

/// Its seconds, at least 1.
///
/// # Errors
/// When it is none.
pub fn seconds(text: &str) -> Outcome<i64> {
    match parse(text).filter(|seconds| *seconds >= 0.0 && *seconds < 1e9) {
        #[allow(clippy::cast_possible_truncation, reason = "below a thousand million, as just seen")]
        Some(seconds) => Ok((seconds as i64).max(1)),
        None => Err(Fault::new(format!(
            "failed to parse duration @every {text}: time: invalid duration \"{text}\""
        ))),
    }
}

fn parse(text: &str) -> Option<f64> {
    let mut rest = text;
    let mut sum = 0.0;
    loop {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..end].parse().ok()?;
        rest = &rest[end..];
        let end = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
        let unit = match &rest[..end] {
            "ns" => 1e-9,
            "us" | "µs" | "μs" => 1e-6,
            "ms" => 1e-3,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => return None,
        };
        sum += number * unit;
        rest = &rest[end..];
        if rest.is_empty() {
            return Some(sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_add_up() {
        for (text, expected) in [("1h30m", 5400), ("1.5h", 5400), ("90s", 90), ("5ms", 1), ("2m", 120)] {
            assert_eq!(seconds(text).expect(text), expected, "{text}");
        }
        for text in ["", "5", "m", "5 m", "-5m", "5y"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}

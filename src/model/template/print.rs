//! Values as text, the way Go's `fmt` prints them.

use std::fmt::Write;

use super::value::{Key, Value};

/// A value by itself: `{{ .X }}`.
pub fn plain(value: &Value) -> String {
    let mut out = String::new();
    write_plain(&mut out, value);
    out
}

fn write_plain(out: &mut String, value: &Value) {
    match value {
        Value::Nil => out.push_str("<nil>"),
        Value::Bool(value) => write_any(out, value),
        Value::Int(value) => write_any(out, value),
        Value::Byte(value) => write_any(out, value),
        Value::Float(value) => out.push_str(&float(*value, 'g', None)),
        Value::Text(text) => out.push_str(text),
        Value::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { " " } else { "" });
                write_plain(out, item);
            }
            out.push(']');
        }
        Value::Map(map) => {
            out.push_str("map[");
            for (index, (key, value)) in map.entries.iter().enumerate() {
                out.push_str(if index > 0 { " " } else { "" });
                write_key(out, key);
                out.push(':');
                write_plain(out, value);
            }
            out.push(']');
        }
        Value::Stream(stream) => write_any(out, format_args!("{{<reader> {}}}", stream.name)),
    }
}

/// A key by itself.
pub fn write_key(out: &mut String, key: &Key) {
    match key {
        Key::Bool(value) => write_any(out, value),
        Key::Int(value) => write_any(out, value),
        Key::Text(text) => out.push_str(text),
    }
}

fn write_any(out: &mut String, value: impl std::fmt::Display) {
    write!(out, "{value}").expect("a text takes whatever is written into it");
}

/// `print`: a space stands between two neighbours that are no texts.
pub fn print(values: &[Value]) -> String {
    let mut out = String::new();
    for (index, value) in values.iter().enumerate() {
        let is_text = |value: &Value| matches!(value, Value::Text(_));
        if index > 0 && !is_text(value) && !is_text(&values[index - 1]) {
            out.push(' ');
        }
        write_plain(&mut out, value);
    }
    out
}

/// `println`: spaces between all, a newline at the end.
pub fn println(values: &[Value]) -> String {
    let words: Vec<String> = values.iter().map(plain).collect();
    format!("{}\n", words.join(" "))
}

/// A number with a fraction in Go's format `e`, `f` or `g`; without a precision as short as it can be told apart.
pub fn float(value: f64, format: char, precision: Option<usize>) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    match format {
        'e' => exponential(value, precision),
        'f' => precision.map_or_else(|| format!("{value}"), |digits| format!("{value:.digits$}")),
        _ => general(value, precision),
    }
}

fn exponential(value: f64, precision: Option<usize>) -> String {
    let text = precision.map_or_else(|| format!("{value:e}"), |digits| format!("{value:.digits$e}"));
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
    format!("{mantissa}e{sign}{digits:0>2}")
}

/// The exponent's form where it is shorter: below 1e-4, and from as many digits on as are asked for (6 when none are).
fn general(value: f64, precision: Option<usize>) -> String {
    let significant = precision.map(|digits| digits.max(1));
    let shown = exponential(value, significant.map(|digits| digits - 1));
    let (mantissa, exponent) = shown.split_once('e').unwrap_or((&shown, "0"));
    let exponent: i64 = exponent.parse().unwrap_or(0);
    let digit_count = mantissa.chars().filter(char::is_ascii_digit).count();
    let limit = match significant {
        None => 6,
        Some(digits) => i64::try_from(digits).unwrap_or(i64::MAX),
    };
    let trim = |text: &str| match significant {
        Some(_) if text.contains('.') => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        Some(_) | None => text.to_owned(),
    };
    if exponent < -4 || exponent >= limit {
        return format!("{}{}", trim(mantissa), &shown[mantissa.len()..]);
    }
    let Some(digits) = significant else { return format!("{value}") };
    let places = i64::try_from(digits.max(digit_count)).unwrap_or(0) - 1 - exponent;
    trim(&format!("{value:.*}", usize::try_from(places).unwrap_or(0)))
}

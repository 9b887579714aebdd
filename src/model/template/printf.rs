//! `printf`, with the verbs and flags of Go's `fmt` that the values here can take.

use super::literals::{is_printable, quote, quote_char};
use super::print;
use super::value::{Key, Value};

/// The widest a field may be made; more is an error of the template.
const WIDEST: usize = 1_000_000;

#[derive(Clone, Copy, Default)]
struct Spec {
    minus: bool,
    plus: bool,
    space: bool,
    sharp: bool,
    zero: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

struct Printer<'a> {
    arguments: &'a [Value],
    next: usize,
    is_reordered: bool,
    out: String,
}

/// The text that a format makes of the arguments. Mistakes become `%!verb(…)` in the text, as in Go.
pub fn format(pattern: &str, arguments: &[Value]) -> String {
    let mut printer = Printer { arguments, next: 0, is_reordered: false, out: String::new() };
    let mut rest = pattern;
    while let Some(at) = rest.find('%') {
        printer.out.push_str(&rest[..at]);
        rest = printer.directive(&rest[at + 1..]);
    }
    printer.out.push_str(rest);
    printer.extra();
    printer.out
}

impl Printer<'_> {
    /// One directive, from behind its percent sign; gives what follows it.
    fn directive<'t>(&mut self, text: &'t str) -> &'t str {
        let mut spec = Spec::default();
        let mut rest = text;
        while let Some(flag) = rest.chars().next() {
            match flag {
                '#' => spec.sharp = true,
                '0' => spec.zero = true,
                '+' => spec.plus = true,
                '-' => spec.minus = true,
                ' ' => spec.space = true,
                _ => break,
            }
            rest = &rest[1..];
        }
        let mut is_bad_index = false;
        rest = self.index(rest, &mut is_bad_index);
        rest = self.size(rest, &mut spec.width, "%!(BADWIDTH)", Some(&mut spec.minus));
        if let Some(behind) = rest.strip_prefix('.') {
            rest = self.index(behind, &mut is_bad_index);
            let before = rest;
            rest = self.size(rest, &mut spec.precision, "%!(BADPREC)", None);
            if before.len() == rest.len() {
                spec.precision = Some(0);
            }
        }
        rest = self.index(rest, &mut is_bad_index);
        let Some(verb) = rest.chars().next() else {
            self.out.push_str("%!(NOVERB)");
            return rest;
        };
        rest = &rest[verb.len_utf8()..];
        spec.zero &= !spec.minus;
        if verb == '%' {
            self.out.push('%');
        } else if is_bad_index {
            self.out.push_str(&format!("%!{verb}(BADINDEX)"));
        } else if let Some(value) = self.arguments.get(self.next) {
            self.next += 1;
            let shown = argument(value, verb, spec);
            self.out.push_str(&shown);
        } else {
            self.out.push_str(&format!("%!{verb}(MISSING)"));
        }
        rest
    }

    /// `[3]`: which argument comes next.
    fn index<'t>(&mut self, text: &'t str, is_bad: &mut bool) -> &'t str {
        let Some(inner) = text.strip_prefix('[') else { return text };
        self.is_reordered = true;
        let Some((number, rest)) = inner.split_once(']') else {
            *is_bad = true;
            return inner;
        };
        match number.parse::<usize>() {
            Ok(index) if index >= 1 && index <= self.arguments.len() => self.next = index - 1,
            Ok(_) | Err(_) => *is_bad = true,
        }
        rest
    }

    /// A width or precision: digits, or a star for the next argument.
    fn size<'t>(
        &mut self,
        text: &'t str,
        size: &mut Option<usize>,
        bad: &str,
        left: Option<&mut bool>,
    ) -> &'t str {
        if let Some(rest) = text.strip_prefix('*') {
            let given = self.arguments.get(self.next);
            self.next += 1;
            let number = match given {
                Some(Value::Int(number)) => Some(*number),
                Some(Value::Byte(number)) => Some(i64::from(*number)),
                Some(_) | None => None,
            };
            let magnitude = number.and_then(|number| usize::try_from(number.unsigned_abs()).ok());
            let is_negative = number.is_some_and(i64::is_negative);
            match (magnitude, left) {
                (Some(width), Some(left)) if width <= WIDEST => {
                    *left |= is_negative;
                    *size = Some(width);
                }
                (Some(width), None) if width <= WIDEST && !is_negative => *size = Some(width),
                (Some(_) | None, _) => self.out.push_str(bad),
            }
            return rest;
        }
        let digits = text.len() - text.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
        if digits > 0 {
            match text[..digits].parse::<usize>() {
                Ok(number) if number <= WIDEST => *size = Some(number),
                Ok(_) | Err(_) => self.out.push_str(bad),
            }
        }
        &text[digits..]
    }

    fn extra(&mut self) {
        if self.is_reordered || self.next >= self.arguments.len() {
            return;
        }
        let shown: Vec<String> = self.arguments[self.next..]
            .iter()
            .map(|value| match value {
                Value::Nil => "<nil>".to_owned(),
                Value::Bool(_)
                | Value::Int(_)
                | Value::Byte(_)
                | Value::Float(_)
                | Value::Text(_)
                | Value::List(_)
                | Value::Map(_)
                | Value::Stream(_) => format!("{}={}", value.type_name(), print::plain(value)),
            })
            .collect();
        self.out.push_str(&format!("%!(EXTRA {})", shown.join(", ")));
    }
}

fn argument(value: &Value, verb: char, spec: Spec) -> String {
    match (verb, value) {
        ('T', _) => pad(value.type_name(), spec),
        ('v', Value::Nil) => pad("<nil>", Spec { zero: false, ..spec }),
        (_, Value::Nil) => format!("%!{verb}(<nil>)"),
        ('v', Value::Text(_) | Value::List(_) | Value::Map(_)) if spec.sharp => {
            pad(&in_go_syntax(value), spec)
        }
        (_, Value::List(items)) => {
            let shown: Vec<String> = items.iter().map(|item| inner(item, verb, spec)).collect();
            format!("[{}]", shown.join(" "))
        }
        (_, Value::Map(map)) => {
            let entries = map.entries.iter();
            let shown: Vec<String> = entries
                .map(|(key, value)| {
                    format!("{}:{}", argument(&key.value(), verb, spec), inner(value, verb, spec))
                })
                .collect();
            format!("map[{}]", shown.join(" "))
        }
        (_, Value::Bool(value)) if matches!(verb, 't' | 'v') => {
            pad(&value.to_string(), Spec { zero: false, ..spec })
        }
        (_, Value::Int(number)) => {
            integer(i128::from(*number), verb, spec).unwrap_or_else(|| bad(verb, value))
        }
        (_, Value::Byte(number)) => {
            integer(i128::from(*number), verb, spec).unwrap_or_else(|| bad(verb, value))
        }
        (_, Value::Float(number)) => float(*number, verb, spec).unwrap_or_else(|| bad(verb, value)),
        (_, Value::Text(text)) => string(text, verb, spec).unwrap_or_else(|| bad(verb, value)),
        (_, Value::Stream(_)) => print::plain(value),
        (_, Value::Bool(_)) => bad(verb, value),
    }
}

/// A value inside of a list: no value has no verb.
fn inner(value: &Value, verb: char, spec: Spec) -> String {
    match value {
        Value::Nil if verb == 'v' => pad("<nil>", Spec { zero: false, ..spec }),
        Value::Nil => format!("%!{verb}(<nil>)"),
        Value::Bool(_)
        | Value::Int(_)
        | Value::Byte(_)
        | Value::Float(_)
        | Value::Text(_)
        | Value::List(_)
        | Value::Map(_)
        | Value::Stream(_) => argument(value, verb, spec),
    }
}

fn bad(verb: char, value: &Value) -> String {
    format!("%!{verb}({}={})", value.type_name(), print::plain(value))
}

fn in_go_syntax(value: &Value) -> String {
    match value {
        Value::Nil => "interface {}(nil)".to_owned(),
        Value::Text(text) => quote(text),
        Value::Byte(number) => format!("{number:#x}"),
        Value::List(items) => {
            let shown: Vec<String> = items.iter().map(in_go_syntax).collect();
            format!("[]interface {{}}{{{}}}", shown.join(", "))
        }
        Value::Map(map) => {
            let shown: Vec<String> = map
                .entries
                .iter()
                .map(|(key, value)| {
                    let key = match key {
                        Key::Text(text) => quote(text),
                        Key::Bool(_) | Key::Int(_) => print::plain(&key.value()),
                    };
                    format!("{key}:{}", in_go_syntax(value))
                })
                .collect();
            format!("{}{{{}}}", value.type_name(), shown.join(", "))
        }
        Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Stream(_) => print::plain(value),
    }
}

/// Pads to the width; with zeros if so asked and the sign stays first.
fn pad(text: &str, spec: Spec) -> String {
    let length = text.chars().count();
    let missing = spec.width.unwrap_or(0).saturating_sub(length);
    if missing == 0 {
        return text.to_owned();
    }
    if spec.minus {
        return format!("{text}{}", " ".repeat(missing));
    }
    format!("{}{text}", if spec.zero { "0" } else { " " }.repeat(missing))
}

fn sign_of(is_negative: bool, spec: Spec) -> &'static str {
    if is_negative {
        "-"
    } else if spec.plus {
        "+"
    } else if spec.space {
        " "
    } else {
        ""
    }
}

/// Pads a number: zeros go between the sign and the digits.
fn pad_number(sign: &str, digits: &str, spec: Spec) -> String {
    let width = spec.width.unwrap_or(0);
    if spec.zero && spec.precision.is_none() {
        let missing = width.saturating_sub(sign.len() + digits.len());
        return format!("{sign}{}{digits}", "0".repeat(missing));
    }
    pad(&format!("{sign}{digits}"), Spec { zero: false, ..spec })
}

fn integer(number: i128, verb: char, spec: Spec) -> Option<String> {
    let magnitude = number.unsigned_abs();
    let (prefix, digits) = match verb {
        'd' | 'v' => ("", format!("{magnitude}")),
        'b' => (if spec.sharp { "0b" } else { "" }, format!("{magnitude:b}")),
        'o' => (if spec.sharp { "0" } else { "" }, format!("{magnitude:o}")),
        'O' => ("0o", format!("{magnitude:o}")),
        'x' => (if spec.sharp { "0x" } else { "" }, format!("{magnitude:x}")),
        'X' => (if spec.sharp { "0X" } else { "" }, format!("{magnitude:X}")),
        'c' | 'q' | 'U' => return Some(letter(number, verb, spec)),
        _ => return None,
    };
    let digits = match spec.precision {
        Some(0) if number == 0 => String::new(),
        Some(least) => format!("{}{digits}", "0".repeat(least.saturating_sub(digits.len()))),
        None => digits,
    };
    let sign = format!("{}{prefix}", sign_of(number < 0, spec));
    Some(pad_number(&sign, &digits, spec))
}

fn letter(number: i128, verb: char, spec: Spec) -> String {
    let found = u32::try_from(number).ok().and_then(char::from_u32);
    let shown = found.unwrap_or(char::REPLACEMENT_CHARACTER);
    let text = match verb {
        'c' => shown.to_string(),
        'q' => quote_char(shown),
        _ if spec.sharp && found.is_some_and(is_printable) => format!("U+{number:04X} '{shown}'"),
        _ => format!("U+{number:04X}"),
    };
    pad(&text, spec)
}

fn float(number: f64, verb: char, spec: Spec) -> Option<String> {
    let magnitude = number.abs();
    let text = match verb {
        'v' | 'g' => print::float(magnitude, 'g', spec.precision),
        'G' => print::float(magnitude, 'g', spec.precision).to_uppercase(),
        'e' => print::float(magnitude, 'e', Some(spec.precision.unwrap_or(6))),
        'E' => print::float(magnitude, 'e', Some(spec.precision.unwrap_or(6))).to_uppercase(),
        'f' | 'F' => print::float(magnitude, 'f', Some(spec.precision.unwrap_or(6))),
        _ => return None,
    };
    let sign = sign_of(number.is_sign_negative() && !number.is_nan(), spec);
    Some(pad_number(sign, &text, Spec { precision: None, ..spec }))
}

fn string(text: &str, verb: char, spec: Spec) -> Option<String> {
    let cut: String =
        spec.precision.map_or_else(|| text.to_owned(), |most| text.chars().take(most).collect());
    let shown = match verb {
        's' | 'v' => cut,
        'q' if spec.sharp && !cut.contains(['`', '\n']) => format!("`{cut}`"),
        'q' => quote(&cut),
        'x' | 'X' => {
            let most = spec.precision.unwrap_or(text.len()).min(text.len());
            let bytes = text.as_bytes()[..most].iter();
            let digits: Vec<String> = bytes
                .map(|byte| if verb == 'x' { format!("{byte:02x}") } else { format!("{byte:02X}") })
                .collect();
            digits.join(if spec.space { " " } else { "" })
        }
        _ => return None,
    };
    Some(pad(&shown, spec))
}

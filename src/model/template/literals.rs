//! Numbers, characters and strings as Go writes them.

/// A number as written and as meant.
#[derive(Clone, Debug)]
pub struct Number {
    pub text: String,
    pub value: Amount,
}

/// What a number means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    Int(i64),
    Float(f64),
    /// Fits into 64 bits without sign alone, which no template can use.
    TooLarge,
}

/// Reads a number.
///
/// # Errors
/// When it is none, too large, or complex (which templates of ours have no use for).
pub fn number(text: &str) -> Result<Number, String> {
    let value = if text.starts_with('\'') { character(text)? } else { amount(text)? };
    Ok(Number { text: text.to_owned(), value })
}

fn character(text: &str) -> Result<Amount, String> {
    let bad = || format!("malformed character constant: {text}");
    let inner = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).ok_or_else(bad)?;
    let meant = unescape(inner, '\'').ok_or("invalid syntax")?;
    let mut letters = meant.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => Ok(Amount::Int(i64::from(u32::from(letter)))),
        (Some(_) | None, _) => Err(bad()),
    }
}

fn amount(text: &str) -> Result<Amount, String> {
    if text.ends_with('i') {
        return Err(format!("complex numbers are not supported: {}", quote(text)));
    }
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1_i128, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let is_float = text.contains('.')
        || (!digits.to_ascii_lowercase().starts_with("0x") && text.contains(['e', 'E']))
        || text.contains(['p', 'P']);
    if is_float {
        return float(text, digits).map(|value| Amount::Float(if sign < 0 { -value } else { value }));
    }
    let Some(magnitude) = integer(digits) else {
        let is_decimal = digits.bytes().all(|byte| byte.is_ascii_digit());
        let what =
            if is_decimal && !digits.is_empty() { "integer overflow" } else { "illegal number syntax" };
        return Err(format!("{what}: {}", quote(text)));
    };
    match i64::try_from(sign * i128::from(magnitude)) {
        Ok(value) => Ok(Amount::Int(value)),
        Err(_) if !text.starts_with('-') => Ok(Amount::TooLarge),
        Err(_) => Err(format!("integer overflow: {}", quote(text))),
    }
}

/// Digits with an optional prefix for the base; underscores stand between digits only.
fn integer(digits: &str) -> Option<u64> {
    let lower = digits.to_ascii_lowercase();
    let (radix, body) = match lower.get(..2) {
        Some("0x") => (16, &lower[2..]),
        Some("0o") => (8, &lower[2..]),
        Some("0b") => (2, &lower[2..]),
        Some(_) if lower.starts_with('0') => (8, &lower[1..]),
        Some(_) | None => (10, lower.as_str()),
    };
    // An underscore stands between digits, or between the prefix and the first of them.
    let is_well_parted =
        !body.ends_with('_') && !body.contains("__") && (radix != 10 || !body.starts_with('_'));
    let plain = body.replace('_', "");
    let is_unsigned = !plain.starts_with(['+', '-']);
    let plain = if plain.is_empty() && lower == "0" { "0" } else { &plain };
    (is_well_parted && is_unsigned).then(|| u64::from_str_radix(plain, radix).ok()).flatten()
}

fn float(text: &str, digits: &str) -> Result<f64, String> {
    let bad = || format!("illegal number syntax: {}", quote(text));
    let plain = digits.replace('_', "");
    if let Some(hex) = plain.to_ascii_lowercase().strip_prefix("0x") {
        return hex_float(hex).ok_or_else(bad);
    }
    plain.parse::<f64>().ok().filter(|value| value.is_finite()).ok_or_else(bad)
}

fn hex_float(hex: &str) -> Option<f64> {
    let (mantissa, exponent) = hex.split_once('p')?;
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut value = 0.0;
    for digit in whole.chars().chain(part.chars()) {
        value = value * 16.0 + f64::from(digit.to_digit(16)?);
    }
    let shift = exponent.parse::<i32>().ok()?.checked_sub(i32::try_from(part.len()).ok()?.checked_mul(4)?)?;
    Some(value * f64::powi(2.0, shift)).filter(|value| value.is_finite() && !mantissa.is_empty())
}

/// The text a quoted string means; `None` when the quoting is wrong.
pub fn unquote(quoted: &str) -> Option<String> {
    if let Some(raw) = quoted.strip_prefix('`') {
        return Some(raw.strip_suffix('`')?.replace('\r', ""));
    }
    unescape(quoted.strip_prefix('"')?.strip_suffix('"')?, '"')
}

fn unescape(text: &str, quote: char) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            push(&mut bytes, letter);
            continue;
        }
        match letters.next()? {
            'a' => bytes.push(7),
            'b' => bytes.push(8),
            'f' => bytes.push(12),
            'n' => bytes.push(b'\n'),
            'r' => bytes.push(b'\r'),
            't' => bytes.push(b'\t'),
            'v' => bytes.push(11),
            '\\' => bytes.push(b'\\'),
            found if found == quote => push(&mut bytes, found),
            'x' => bytes.push(u8::try_from(digits(&mut letters, 2, 16)?).ok()?),
            'u' => push(&mut bytes, char::from_u32(digits(&mut letters, 4, 16)?)?),
            'U' => push(&mut bytes, char::from_u32(digits(&mut letters, 8, 16)?)?),
            first @ '0'..='7' => {
                let high = first.to_digit(8)? * 64;
                bytes.push(u8::try_from(high + digits(&mut letters, 2, 8)?).ok()?);
            }
            _ => return None,
        }
    }
    Some(match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
}

fn push(bytes: &mut Vec<u8>, letter: char) {
    bytes.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
}

fn digits(letters: &mut std::str::Chars<'_>, count: usize, radix: u32) -> Option<u32> {
    let mut value = 0_u32;
    for _ in 0..count {
        value = value.checked_mul(radix)?.checked_add(letters.next()?.to_digit(radix)?)?;
    }
    Some(value)
}

/// A text in double quotes, as Go writes it.
pub fn quote(text: &str) -> String {
    let mut out = String::from('"');
    for letter in text.chars() {
        push_quoted(&mut out, letter, '"');
    }
    out.push('"');
    out
}

/// A character in single quotes, as Go writes it.
pub fn quote_char(letter: char) -> String {
    let mut out = String::from('\'');
    push_quoted(&mut out, letter, '\'');
    out.push('\'');
    out
}

fn push_quoted(out: &mut String, letter: char, quote: char) {
    match letter {
        '\u{7}' => out.push_str("\\a"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{b}' => out.push_str("\\v"),
        '\\' => out.push_str("\\\\"),
        found if found == quote => {
            out.push('\\');
            out.push(found);
        }
        found if is_printable(found) => out.push(found),
        found if u32::from(found) < 0x80 => out.push_str(&format!("\\x{:02x}", u32::from(found))),
        found if u32::from(found) < 0x1_0000 => out.push_str(&format!("\\u{:04x}", u32::from(found))),
        found => out.push_str(&format!("\\U{:08x}", u32::from(found))),
    }
}

/// Whether Go shows the character as it is; of the spaces only the plain one.
pub fn is_printable(letter: char) -> bool {
    letter == ' '
        || (!letter.is_control()
            && !letter.is_whitespace()
            && !matches!(letter, '\u{ad}' | '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{e000}'..='\u{f8ff}'))
}

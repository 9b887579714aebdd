//! Labels of a domain beyond ASCII, in the letters that name servers know (RFC 3492).

const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const FIRST_BIAS: u32 = 72;
const FIRST_CODE: u32 = 128;

/// The domain in ASCII: each label that needs it as `xn--…`, in lower case. `None` when a label is too long to be
/// written so.
pub fn ascii(domain: &str) -> Option<String> {
    let labels: Option<Vec<String>> = domain
        .to_lowercase()
        .split('.')
        .map(|label| {
            if label.is_ascii() {
                return Some(label.to_owned());
            }
            let encoded = format!("xn--{}", encode(label)?);
            (encoded.len() <= 63).then_some(encoded)
        })
        .collect();
    labels.map(|labels| labels.join("."))
}

/// What stands behind `xn--`.
fn encode(label: &str) -> Option<String> {
    let mut out: String = label.chars().filter(char::is_ascii).collect();
    let basic = u32::try_from(out.len()).ok()?;
    if basic > 0 {
        out.push('-');
    }
    let codes: Vec<u32> = label.chars().map(u32::from).collect();
    let length = u32::try_from(codes.len()).ok()?;
    let (mut next, mut delta, mut bias, mut done) = (FIRST_CODE, 0_u32, FIRST_BIAS, basic);
    while done < length {
        let lowest = codes.iter().copied().filter(|code| *code >= next).min()?;
        delta = delta.checked_add((lowest - next).checked_mul(done + 1)?)?;
        next = lowest;
        for code in &codes {
            if *code < next {
                delta = delta.checked_add(1)?;
            }
            if *code == next {
                push(&mut out, delta, bias);
                bias = adapt(delta, done + 1, done == basic);
                delta = 0;
                done += 1;
            }
        }
        delta = delta.checked_add(1)?;
        next += 1;
    }
    Some(out)
}

/// Writes a number, its lowest digit first.
fn push(out: &mut String, number: u32, bias: u32) {
    let mut rest = number;
    let mut position = BASE;
    loop {
        let threshold = position.saturating_sub(bias).clamp(T_MIN, T_MAX);
        if rest < threshold {
            break;
        }
        out.push(digit(threshold + (rest - threshold) % (BASE - threshold)));
        rest = (rest - threshold) / (BASE - threshold);
        position += BASE;
    }
    out.push(digit(rest));
}

fn digit(value: u32) -> char {
    char::from_digit(if value < 26 { value + 10 } else { value - 26 }, BASE).unwrap_or('-')
}

fn adapt(delta: u32, count: u32, is_first: bool) -> u32 {
    let mut delta = if is_first { delta / DAMP } else { delta / 2 };
    delta += delta / count;
    let mut steps = 0;
    while delta > (BASE - T_MIN) * T_MAX / 2 {
        delta /= BASE - T_MIN;
        steps += BASE;
    }
    steps + (BASE - T_MIN + 1) * delta / (delta + SKEW)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `idn` and browsers write them.
    #[test]
    fn names_are_written_as_name_servers_know_them() {
        for (name, known) in [
            ("müller.de", "xn--mller-kva.de"),
            ("BÜCHER.example", "xn--bcher-kva.example"),
            ("例え.jp", "xn--r8jz45g.jp"),
            ("ü", "xn--tda"),
            ("日本語.jp", "xn--wgv71a119e.jp"),
            ("shop.пример.рф", "shop.xn--e1afmkfd.xn--p1ai"),
            ("plain.example.com", "plain.example.com"),
        ] {
            assert_eq!(ascii(name).as_deref(), Some(known), "{name}");
        }
        assert_eq!(ascii(&"ü".repeat(70)), None);
    }
}

//! The number of a task: its app, command and schedule as base 36 (contract: formats.md section 5.1).

use crate::model::AppName;

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// Between the parts of an app's task.
const PARTED: &str = "===";

/// Of an app's task.
pub fn of_task(app: &AppName, command: &str, schedule: &str) -> String {
    encode(format!("{app}{PARTED}{command}{PARTED}{schedule}").as_bytes())
}

/// Of a task that a plugin brings, by the parts of its line.
pub fn of_line(parts: &[&str]) -> String {
    encode(parts.join(";;;").as_bytes())
}

/// The number of the same task in another app; `None` where it is no number of this app's.
pub fn moved(id: &str, from: &AppName, to: &AppName) -> Option<String> {
    let text = decode(id)?;
    let rest = text.strip_prefix(&format!("{from}{PARTED}"))?;
    Some(encode(format!("{to}{PARTED}{rest}").as_bytes()))
}

/// The bytes as one number, the first the most significant. None of our texts begins with a zero byte.
fn encode(bytes: &[u8]) -> String {
    // Digits, the least significant first.
    let mut digits: Vec<u32> = Vec::new();
    for byte in bytes {
        carry(&mut digits, 36, 256, u32::from(*byte));
    }
    digits
        .iter()
        .rev()
        .filter_map(|digit| DIGITS.get(*digit as usize))
        .map(|digit| char::from(*digit))
        .collect()
}

fn decode(id: &str) -> Option<String> {
    let mut bytes: Vec<u32> = Vec::new();
    for letter in id.chars() {
        carry(&mut bytes, 256, 36, letter.to_digit(36)?);
    }
    let bytes: Option<Vec<u8>> = bytes.iter().rev().map(|byte| u8::try_from(*byte).ok()).collect();
    String::from_utf8(bytes?).ok()
}

/// The number, whose digits are of that base, times `factor` plus `more`.
fn carry(digits: &mut Vec<u32>, base: u32, factor: u32, mut more: u32) {
    for digit in digits.iter_mut() {
        let value = *digit * factor + more;
        *digit = value % base;
        more = value / base;
    }
    while more > 0 {
        digits.push(more % base);
        more /= base;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app(name: &str) -> AppName {
        name.parse().expect("a name")
    }

    /// The first as Dokku's documentation has it.
    #[test]
    fn the_numbers_are_those_of_dokku() {
        assert_eq!(of_line(&["@daily", "/bin/true"]), "5cruaotm4yzzpnjlsdunblj8qyjp");
        assert_eq!(
            decode(&of_task(&app("shop"), "rake x", "@daily")).as_deref(),
            Some("shop===rake x===@daily")
        );
    }

    #[test]
    fn a_task_has_another_number_in_another_app() {
        let (old, new) = (app("shop"), app("store"));
        assert_eq!(moved(&of_task(&old, "a", "@daily"), &old, &new), Some(of_task(&new, "a", "@daily")));
        assert_eq!(moved(&of_task(&new, "a", "@daily"), &old, &new), None);
        assert_eq!(moved("not a number", &old, &new), None);
    }
}

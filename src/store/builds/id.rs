//! Names of builds.

use crate::platform::Platform;

/// A new id.
pub fn new_id(platform: &Platform) -> String {
    let time = u64::try_from(platform.clock.now().as_millisecond()).unwrap_or(0);
    let chance = platform.random.below(36_u64.pow(6));
    base36(time, 8) + &base36(chance, 6)
}

fn base36(mut number: u64, width: usize) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut digits = vec![b'0'; width];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[usize::try_from(number % 36).expect("below 36")];
        number /= 36;
    }
    digits.into_iter().map(char::from).collect()
}

/// True when the text may be an id: it becomes a file name.
pub fn is_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time_and_have_fourteen_characters() {
        assert_eq!(base36(1_700_000_000_000, 8), "loyw3v28");
        assert_eq!(new_id(&Platform::real(crate::platform::docker::Owner::nobody())).len(), 14);
        assert!(is_id(&new_id(&Platform::real(crate::platform::docker::Owner::nobody()))));
        assert!(!is_id("../x") && !is_id(""));
    }
}

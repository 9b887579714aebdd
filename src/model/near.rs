//! What somebody may have meant.

/// The names that differ from this one by a letter or two, or begin with it, nearest first.
pub fn near<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    // Any two letters are near any other two.
    if name.len() < 3 {
        return Vec::new();
    }
    let mut found: Vec<(usize, &str)> = known
        .map(|other| {
            let begins = other.starts_with(name);
            (if begins { 1 } else { distance(name, other) }, other)
        })
        .filter(|(distance, _)| *distance <= 2)
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, other)| other).take(3).collect()
}

/// How many letters must be changed, added or removed (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, a) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, b) in right.iter().enumerate() {
            let change = diagonal + usize::from(a != *b);
            diagonal = row[column + 1];
            row[column + 1] = change.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_option() {
        let known = ["memory", "memory-swap", "mount", "network", "label"];
        assert_eq!(near("memroy", known.into_iter()), ["memory"]);
        assert_eq!(near("netwrk", known.into_iter()), ["network"]);
        assert_eq!(near("mem", known.into_iter()), ["memory", "memory-swap"]);
        assert!(near("frobnicate", known.into_iter()).is_empty());
    }
}

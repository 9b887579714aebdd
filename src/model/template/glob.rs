//! Patterns of file names as Go's `path.Match` reads them: `*`, `?`, `[a-z]`, `[^a-z]`, backslash.

/// True when the whole name fits the pattern; no star or question mark takes a slash.
///
/// # Errors
/// When the pattern is malformed.
pub fn matches(pattern: &str, name: &str) -> Result<bool, String> {
    let parts = parse(pattern).ok_or("syntax error in pattern")?;
    let letters: Vec<char> = name.chars().collect();
    // Where a match may have got to, after each part: this takes time in proportion to both, whatever the stars.
    let mut reached = vec![false; letters.len() + 1];
    reached[0] = true;
    for part in &parts {
        let mut next = vec![false; letters.len() + 1];
        for at in 0..=letters.len() {
            if let Part::Any = part {
                next[at] |= reached[at] || (at > 0 && next[at - 1] && letters[at - 1] != '/');
            } else if at > 0 {
                next[at] = reached[at - 1] && part.takes(letters[at - 1]);
            }
        }
        reached = next;
    }
    Ok(reached[letters.len()])
}

enum Part {
    Any,
    One,
    Letter(char),
    Class { is_negated: bool, ranges: Vec<(char, char)> },
}

impl Part {
    fn takes(&self, letter: char) -> bool {
        match self {
            Part::Any | Part::One => letter != '/',
            Part::Letter(wanted) => letter == *wanted,
            Part::Class { is_negated, ranges } => {
                ranges.iter().any(|(low, high)| (*low..=*high).contains(&letter)) != *is_negated
            }
        }
    }
}

fn parse(pattern: &str) -> Option<Vec<Part>> {
    let mut letters = pattern.chars().peekable();
    let mut parts = Vec::new();
    while let Some(letter) = letters.next() {
        parts.push(match letter {
            '*' => Part::Any,
            '?' => Part::One,
            '\\' => Part::Letter(letters.next()?),
            '[' => {
                let is_negated = letters.next_if_eq(&'^').is_some();
                let mut ranges = Vec::new();
                while ranges.is_empty() || letters.next_if_eq(&']').is_none() {
                    let low = class_letter(&mut letters)?;
                    let high = match letters.next_if_eq(&'-') {
                        Some(_) => class_letter(&mut letters)?,
                        None => low,
                    };
                    ranges.push((low, high));
                }
                Part::Class { is_negated, ranges }
            }
            other => Part::Letter(other),
        });
    }
    Some(parts)
}

fn class_letter(letters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<char> {
    match letters.next()? {
        '-' | ']' => None,
        '\\' => letters.next(),
        letter => Some(letter),
    }
}

//! What a command said as lines of a table, and whether lines of a table allow it.

use crate::support::Said;

/// Any text within a line; alone, any lines.
const ANYTHING: char = '…';

/// What was said, as a table has it.
pub fn shown(said: &Said) -> Vec<String> {
    let mut lines: Vec<String> = lines(&said.stdout)
        .map(|line| if line.is_empty() { "␤".to_owned() } else { line })
        .chain(lines(&said.stderr).map(|line| format!("2>{line}")))
        .collect();
    if said.status != 0 {
        lines.push(format!("exit {}", said.status));
    }
    lines
}

fn lines(text: &str) -> impl Iterator<Item = String> {
    text.split_inclusive('\n').map(|line| {
        let (line, end) = line.strip_suffix('\n').map_or((line, "␄"), |line| (line, ""));
        // An end that is shown guards the space before it.
        match line.strip_suffix(' ').filter(|_| end.is_empty()) {
            Some(rest) => visible(rest) + "␠",
            None => visible(line) + end,
        }
    })
}

/// Characters without a shape as their pictures.
fn visible(text: &str) -> String {
    let picture = |c: char| char::from_u32(0x2400 + u32::from(c)).filter(|_| c.is_ascii_control());
    text.chars().map(|c| picture(c).unwrap_or(c)).collect()
}

/// True when the lines of a table allow what was said.
pub fn fits(expected: &[String], seen: &[String]) -> bool {
    let (expected, seen) = (Parts::of(expected), Parts::of(seen));
    expected.status == seen.status
        && lines_fit(&expected.stdout, &seen.stdout)
        && lines_fit(&expected.stderr, &seen.stderr)
}

/// The lines of a row by where they were said.
#[derive(Default)]
struct Parts<'a> {
    stdout: Vec<&'a str>,
    stderr: Vec<&'a str>,
    status: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(lines: &'a [String]) -> Self {
        let mut parts = Parts::default();
        let (last, rest) = match lines.split_last() {
            Some((last, rest)) if last.starts_with("exit ") => (Some(last.as_str()), rest),
            Some(_) | None => (None, lines),
        };
        parts.status = last;
        for line in rest {
            match line.strip_prefix("2>") {
                Some(line) => parts.stderr.push(line),
                None => parts.stdout.push(line),
            }
        }
        parts
    }
}

fn lines_fit(expected: &[&str], seen: &[&str]) -> bool {
    let Some((first, rest)) = expected.split_first() else { return seen.is_empty() };
    if first.trim().chars().eq([ANYTHING]) {
        return (0..=seen.len()).any(|from| lines_fit(rest, &seen[from..]));
    }
    let Some((line, others)) = seen.split_first() else { return false };
    line_fits(first, line) && lines_fit(rest, others)
}

fn line_fits(expected: &str, seen: &str) -> bool {
    let Some((beginning, rest)) = expected.split_once(ANYTHING) else { return expected == seen };
    let Some(mut seen) = seen.strip_prefix(beginning) else { return false };
    let mut pieces: Vec<&str> = rest.split(ANYTHING).collect();
    let end = pieces.pop().unwrap_or_default();
    for piece in pieces {
        let Some(at) = seen.find(piece) else { return false };
        seen = &seen[at + piece.len()..];
    }
    seen.ends_with(end)
}

#[test]
fn lines_of_a_table_allow_what_they_say_and_no_more() {
    let lines = |text: &str| text.split('|').map(str::to_owned).collect::<Vec<_>>();
    for (expected, seen, fit) in [
        ("a|b", "a|b", true),
        ("a|b", "a", false),
        ("a", "a|exit 1", false),
        ("a|exit 1", "a|exit 2", false),
        ("a|2>b", "a|b", false),
        ("…", "a|b", true),
        ("…", "a|2>b", false),
        ("…|2>…", "a|2>b|2>c", true),
        ("…|z", "a|b|z", true),
        ("…|z", "a|z|b", false),
        ("a … c", "a b c", true),
        ("a … c", "a b d", false),
        ("…b…", "abc", true),
        ("ab…bc", "abc", false),
    ] {
        assert_eq!(fits(&lines(expected), &lines(seen)), fit, "{expected} / {seen}");
    }
}

#[test]
fn what_cannot_be_seen_has_a_picture() {
    let said = Said { stdout: "a \n\n\x1b[1mb\n> ".to_owned(), stderr: "\n".to_owned(), status: 3 };
    assert_eq!(shown(&said), ["a␠", "␤", "␛[1mb", "> ␄", "2>", "exit 3"]);
}

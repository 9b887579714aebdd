//! The Procfile: which process types an app has, and what each runs.

use std::collections::BTreeMap;

use super::{Fault, Outcome, ProcessType};

/// The process types of an app and their commands, sorted by type (contract: formats.md section 4).
///
/// The rules of a line are those of procfile-util in its strict form: `name: command`, where the name is a
/// process type; blank lines and lines that start with `#` or `//` do not count; what follows white space and
/// one of those marks is a comment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Procfile(BTreeMap<ProcessType, String>);

impl Procfile {
    /// Reads a Procfile.
    ///
    /// # Errors
    /// A line that is none, a name given twice, a name without a command, no line at all. The message names the line.
    pub fn parse(text: &str) -> Outcome<Self> {
        let entries = entries(text, ":", Strictness::Strict).map_err(invalid)?;
        let typed = entries.into_iter().map(|(name, command)| Ok((name.parse()?, command)));
        Ok(Procfile(typed.collect::<Outcome<_>>()?))
    }

    /// The command of a process type as it is written, variables unexpanded.
    pub fn command(&self, process_type: &ProcessType) -> Option<&str> {
        self.0.get(process_type).map(String::as_str)
    }

    /// The process types, sorted.
    pub fn process_types(&self) -> impl Iterator<Item = &ProcessType> {
        self.0.keys()
    }
}

fn invalid(what: impl std::fmt::Display) -> Fault {
    Fault::new(format!("Invalid Procfile: {what}"))
        .hint("a line of a Procfile reads `name: command`, the name made of a-z, 0-9 and -")
}

fn is_comment(text: &str) -> bool {
    text.starts_with('#') || text.starts_with("//")
}

/// Which names of processes are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// Those of process types: `a-z`, `0-9` and hyphens.
    Strict,
    /// Upper-case letters and underscores too.
    Lax,
}

/// The processes of a Procfile and their commands, sorted, with another delimiter than a colon if need be.
///
/// # Errors
/// As [`Procfile::parse`], in procfile-util's words.
pub fn entries(
    text: &str,
    delimiter: &str,
    strictness: Strictness,
) -> Result<BTreeMap<String, String>, String> {
    let mut commands = BTreeMap::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || is_comment(line) {
            continue;
        }
        let wrong = |what: &str| format!("{what}, line {number}");
        let (name, command) = entry(line, delimiter, strictness).map_err(wrong)?;
        if commands.insert(name.to_owned(), command.to_owned()).is_some() {
            return Err(wrong("process names must be unique"));
        }
    }
    if commands.is_empty() { Err("no entries found in Procfile".to_owned()) } else { Ok(commands) }
}

fn entry<'a>(
    line: &'a str,
    delimiter: &str,
    strictness: Strictness,
) -> Result<(&'a str, &'a str), &'static str> {
    let (name, command) = line.split_once(delimiter).ok_or("invalid line in procfile")?;
    let name = name.trim_end();
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
        return Err("invalid line in procfile");
    }
    if name.len() > 63 {
        return Err("process name over 63 characters");
    }
    if strictness == Strictness::Strict && name.parse::<ProcessType>().is_err() {
        return Err("process name contains invalid characters");
    }
    let command = command.trim_start();
    if command.is_empty() {
        return Err("no command specified");
    }
    let command = without_comment(command).trim();
    if is_comment(command) {
        return Err("comment specified in place of command");
    }
    if command.is_empty() { Err("no command specified") } else { Ok((name, command)) }
}

/// The command up to its comment. Where several marks stand, the last one begins the comment: a `#` earlier
/// in the line is the command's own, as procfile-util reads it. A mark without a word behind it is no comment.
fn without_comment(command: &str) -> &str {
    let last = |mark: &str| {
        command.rmatch_indices(mark).map(|(at, _)| at).find(|&at| {
            let has_space = command[..at].ends_with([' ', '\t', '\r', '\x0c']);
            has_space && command.len() > at + mark.len()
        })
    };
    last("#").or_else(|| last("//")).map_or(command, |at| &command[..at])
}

/// The command with `$NAME` and `${NAME}` replaced by what `lookup` finds, or by nothing. `$(` stays, for the
/// shell in the container. A `$` that no name follows stays too.
pub fn expand(command: &str, lookup: impl Fn(&str) -> Option<String>) -> String {
    let mut expanded = String::with_capacity(command.len());
    let mut rest = command;
    while let Some(dollar) = rest.find('$') {
        expanded.push_str(&rest[..dollar]);
        let (name, used) = variable(&rest[dollar + 1..]);
        match name {
            Some(name) => expanded.push_str(&lookup(name).unwrap_or_default()),
            None if used == 0 => expanded.push('$'),
            // `${}` and a brace that is never closed are dropped.
            None => {}
        }
        rest = &rest[dollar + 1 + used..];
    }
    expanded.push_str(rest);
    expanded
}

/// The name that the text behind a `$` begins with, and how many bytes it takes, braces included.
fn variable(text: &str) -> (Option<&str>, usize) {
    if let Some(inside) = text.strip_prefix('{') {
        return match inside.find('}') {
            Some(0) => (None, 2),
            Some(end) => (Some(&inside[..end]), end + 2),
            None => (None, 1),
        };
    }
    // The shell's one-letter parameters, such as `$1` and `$$`: nothing is known by these names.
    if text.starts_with(|c: char| c.is_ascii_digit() || "*#$@!?-".contains(c)) {
        return (Some(&text[..1]), 1);
    }
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    if end == 0 { (None, 0) } else { (Some(&text[..end]), end) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match Procfile::parse(text) {
            Ok(Procfile(commands)) => {
                commands.iter().map(|(name, command)| format!("[{name}] [{command}]\n")).collect()
            }
            Err(fault) => fault.message,
        }
    }

    #[test]
    fn lines_comments_and_windows_line_ends() {
        let text = "# dev\r\n\r\nworker: node worker.js\r\nweb:node web.js # inline\r\n// cron: x\r\n  release: echo '#1' http://x //two words\r\n";
        assert_eq!(
            read(text),
            "[release] [echo '#1' http://x]\n[web] [node web.js]\n[worker] [node worker.js]\n"
        );
        assert_eq!(read("web: echo # a # b"), "[web] [echo # a]\n");
        assert_eq!(read("web: echo #"), "[web] [echo #]\n");
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (text, message) in [
            ("web: a\n\nnonsense", "invalid line in procfile, line 3"),
            ("web: a\nweb: b", "process names must be unique, line 2"),
            ("web_1: a", "process name contains invalid characters, line 1"),
            ("Web: a", "process name contains invalid characters, line 1"),
            ("-web: a", "process name contains invalid characters, line 1"),
            ("web:", "no command specified, line 1"),
            ("web: # later", "comment specified in place of command, line 1"),
            ("# nothing", "no entries found in Procfile"),
            ("", "no entries found in Procfile"),
            ("we b: a", "invalid line in procfile, line 1"),
        ] {
            assert_eq!(read(text), format!("Invalid Procfile: {message}"), "{text:?}");
        }
        let long = format!("{}: a", "x".repeat(64));
        assert_eq!(read(&long), "Invalid Procfile: process name over 63 characters, line 1");
    }

    #[test]
    fn variables_are_expanded_and_the_shells_own_words_stay() {
        let lookup = |name: &str| (name == "PORT").then(|| "5001".to_owned());
        for (command, expected) in [
            ("node web.js --port $PORT", "node web.js --port 5001"),
            ("a ${PORT}x $PORTS ${NOPE}", "a 5001x  "),
            ("echo $(date) $", "echo $(date) $"),
            ("echo $1 $$ ${} ${PORT", "echo    PORT"),
            ("cost: 5$, ü$PORT", "cost: 5$, ü5001"),
        ] {
            assert_eq!(expand(command, lookup), expected);
        }
    }
}

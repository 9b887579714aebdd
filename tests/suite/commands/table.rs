//! A table as its file has it.

use std::ops::Range;

use crate::support::sources;

/// A file of rows.
pub struct Table {
    /// Relative to the clone.
    pub path: String,
    pub scenes: Vec<Scene>,
    /// The rows that cannot be.
    pub excuses: Vec<Excuse>,
    lines: Vec<String>,
}

/// A server of its own, and what is typed there.
pub struct Scene {
    pub heading: String,
    pub steps: Vec<Step>,
}

/// What happens on that server.
pub enum Step {
    Given(Given),
    Row(Row),
}

/// What is there beforehand.
pub struct Given {
    pub words: Vec<String>,
    /// The lines below it, each with its newline; or what stands behind `<<<`.
    pub text: String,
    /// Its place in the file.
    pub line: usize,
}

/// A command, and what it says.
pub struct Row {
    pub words: Vec<String>,
    /// The words as they are written.
    pub typed: String,
    pub input: String,
    pub expected: Vec<String>,
    /// Its place in the file, from 1.
    pub line: usize,
    /// The lines in which the file says what is said.
    pub block: Range<usize>,
}

/// Why a command has no row of a kind.
pub struct Excuse {
    pub kind: String,
    pub command: String,
}

impl Table {
    /// Reads `tests/suite/commands/NAME.txt`.
    pub fn read(name: &str) -> Self {
        let path = format!("tests/suite/commands/{name}.txt");
        let text = sources::file(&path).text;
        assert!(!text.is_empty(), "{path} cannot be read");
        let lines = text.lines().map(str::to_owned).collect();
        let mut table = Table { path, scenes: Vec::new(), excuses: Vec::new(), lines };
        let mut at = 0;
        while at < table.lines.len() {
            let block = table.block(at + 1);
            table.take(at, block.clone());
            at = block.end;
        }
        table
    }

    /// The indented lines from here on.
    fn block(&self, start: usize) -> Range<usize> {
        let rest = self.lines.get(start..).unwrap_or_default();
        start..start + rest.iter().take_while(|line| line.starts_with("  ")).count()
    }

    fn take(&mut self, at: usize, block: Range<usize>) {
        let line = self.lines[at].clone();
        let below: Vec<String> = self.lines[block.clone()].iter().map(|line| line[2..].to_owned()).collect();
        let place = format!("{}:{}", self.path, at + 1);
        if let Some(heading) = line.strip_prefix("== ") {
            self.scenes.push(Scene { heading: heading.to_owned(), steps: Vec::new() });
        } else if let Some(rest) = line.strip_prefix("given ") {
            let (words, behind) = split(rest, &place);
            let text = if behind.is_empty() {
                below.iter().map(|line| format!("{line}\n")).collect()
            } else {
                behind
            };
            self.step(Step::Given(Given { words, text, line: at + 1 }), &place);
        } else if let Some(typed) = line.strip_prefix("$ ") {
            let (words, input) = split(typed, &place);
            let row = Row { words, typed: typed.to_owned(), input, expected: below, line: at + 1, block };
            self.step(Step::Row(row), &place);
        } else if let Some(excuse) = line.strip_prefix("no ").and_then(excuse) {
            self.excuses.push(excuse);
        } else {
            assert!(line.is_empty() || line.starts_with('#'), "{place}: what is this? {line}");
        }
    }

    fn step(&mut self, step: Step, place: &str) {
        let scene = self.scenes.last_mut();
        scene.unwrap_or_else(|| panic!("{place}: above the first heading")).steps.push(step);
    }

    /// Puts these lines in the place of those blocks, and writes the file.
    pub fn rewrite(&mut self, proposals: Vec<(Range<usize>, Vec<String>)>) {
        // From the end, so that what stands above keeps its place.
        for (block, lines) in proposals.into_iter().rev() {
            self.lines.splice(block, lines.iter().map(|line| format!("  {line}")));
        }
        std::fs::write(sources::root().join(&self.path), self.lines.join("\n") + "\n").expect("writable");
    }
}

/// The words of a line, and what stands behind `<<<` with its newline.
fn split(line: &str, place: &str) -> (Vec<String>, String) {
    let (words, input) = match line.split_once(" <<<") {
        Some((words, input)) => (words, format!("{}\n", input.strip_prefix(' ').unwrap_or(input))),
        None => (line, String::new()),
    };
    let words = shell_words::split(words).unwrap_or_else(|error| panic!("{place}: {error}"));
    (words, input)
}

/// `failure of apps:help: why`.
fn excuse(text: &str) -> Option<Excuse> {
    let (kind, rest) = text.split_once(" of ")?;
    let (command, why) = rest.split_once(": ")?;
    (!why.is_empty()).then(|| Excuse { kind: kind.to_owned(), command: command.to_owned() })
}

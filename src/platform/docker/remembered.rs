//! A build context that remembers when each of its files last changed.

use std::collections::HashMap;
use std::fmt::Write;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use super::{BuildContext, ContextEntry};
use crate::model::Outcome;
use crate::platform::files;

/// A context whose files keep the time they had in the last build, as long as their content is the
/// same. A commit's files all bear the commit's time, so that without this every push would send all of
/// them to the engine again: it goes by times. The memory is a cache; without it all is sent.
pub struct RememberedContext {
    context: Arc<dyn BuildContext>,
    memory: PathBuf,
}

impl RememberedContext {
    /// That context, with its memory in that file. One build at a time may use a file.
    pub fn new(context: Arc<dyn BuildContext>, memory: PathBuf) -> Self {
        RememberedContext { context, memory }
    }
}

impl BuildContext for RememberedContext {
    fn entries(&self) -> Outcome<Vec<ContextEntry>> {
        let mut entries = self.context.entries()?;
        let text = files::read_text(&self.memory)?.unwrap_or_default();
        let known = parse(&text);
        let mut memory = String::with_capacity(text.len() + 1024);
        for entry in entries.iter_mut().filter(|entry| !entry.content.is_empty()) {
            let content = hex(&entry.content);
            if let Some((remembered, modified)) = known.get(entry.path.as_str())
                && *remembered == content
            {
                entry.modified = *modified;
            }
            // A path with a line feed would break the file; that file is then sent each time.
            if !entry.path.contains('\n') {
                writeln!(memory, "{} {content} {}", entry.modified, entry.path)
                    .expect("writing to a String does not fail");
            }
        }
        if memory != text {
            files::write(&self.memory, memory.as_bytes(), 0o644)?;
        }
        Ok(entries)
    }

    fn open(&self, entry: &ContextEntry) -> Outcome<Box<dyn Read + Send>> {
        self.context.open(entry)
    }
}

/// Lines of time, content and path. A line that is none is forgotten.
fn parse(text: &str) -> HashMap<&str, (&str, i64)> {
    let line = |line| {
        let (modified, rest) = str::split_once(line, ' ')?;
        let (content, path) = rest.split_once(' ')?;
        Some((path, (content, modified.parse().ok()?)))
    };
    text.lines().filter_map(line).collect()
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(digit.into(), 16).expect("four bits are a hexadecimal digit"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::docker::EntryKind;

    struct Tree(Vec<(&'static str, &'static [u8], i64)>);

    impl BuildContext for Tree {
        fn entries(&self) -> Outcome<Vec<ContextEntry>> {
            let entry = |(path, content, modified): &(&str, &[u8], i64)| ContextEntry {
                path: (*path).to_owned(),
                kind: EntryKind::File { executable: false },
                size: 1,
                modified: *modified,
                content: content.to_vec(),
            };
            Ok(self.0.iter().map(entry).collect())
        }

        fn open(&self, _: &ContextEntry) -> Outcome<Box<dyn Read + Send>> {
            Ok(Box::new(std::io::empty()))
        }
    }

    #[test]
    fn a_file_keeps_its_time_until_its_content_changes() {
        let folder = tempfile::tempdir().expect("a folder");
        let memory = folder.path().join("app/context");
        let times = |tree: Tree| {
            let entries = RememberedContext::new(Arc::new(tree), memory.clone()).entries().expect("readable");
            entries.iter().map(|entry| (entry.path.clone(), entry.modified)).collect::<Vec<_>>()
        };
        let told = |path: &str, modified| (path.to_owned(), modified);
        let first = times(Tree(vec![("a b", b"1", 100), ("c", b"2", 100), ("no-id", b"", 100)]));
        assert_eq!(first, [told("a b", 100), told("c", 100), told("no-id", 100)]);
        let second = times(Tree(vec![("a b", b"1", 200), ("c", b"3", 200), ("no-id", b"", 200)]));
        assert_eq!(second, [told("a b", 100), told("c", 200), told("no-id", 200)]);
        // Back to what it was: that is a change too, and its time does not go back.
        let third = times(Tree(vec![("c", b"2", 300)]));
        assert_eq!(third, [told("c", 300)]);
        std::fs::write(&memory, "broken\n\u{0}\n1 2\n").expect("a file");
        assert_eq!(times(Tree(vec![("c", b"2", 400)])), [told("c", 400)]);
    }
}

//! What was taken over, a line each, for people: `2026-11-21T23:04:05Z shop: variables: KEY PORT`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::model::{Outcome, Scope};
use crate::platform::files;
use crate::store::Layout;

/// One thing that was taken over, or that was not and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Whose it is.
    pub scope: Scope,
    /// In words.
    pub text: String,
    /// True when somebody has to look at it.
    pub is_warning: bool,
}

impl Note {
    /// Whose it is, in words.
    pub fn who(&self) -> String {
        self.scope.app().map_or_else(|| "all apps".to_owned(), ToString::to_string)
    }
}

/// The notes of one run. Each is in the file before the old form goes, so that a kill in between keeps it.
#[derive(Debug)]
pub struct Report {
    file: PathBuf,
    aside: PathBuf,
    now: String,
    /// What stands in the file, without its times; read when it is first asked for.
    known: Option<BTreeSet<String>>,
    notes: Vec<Note>,
}

impl Report {
    /// An empty one; `now` stands before each line.
    pub fn begin(layout: &Layout, now: Timestamp) -> Self {
        let now = format!("{now:.0}");
        Report { file: layout.taken_over(), aside: layout.set_aside(), now, known: None, notes: Vec::new() }
    }

    /// What this run has noted.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Notes what was taken over. What an earlier run noted, that was cut off, is noted once.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn taken(&mut self, scope: &Scope, text: impl Into<String>) -> Outcome {
        self.note(Note { scope: scope.clone(), text: text.into(), is_warning: false })
    }

    /// Notes what was not taken over, and why.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn left(&mut self, scope: &Scope, text: impl Into<String>) -> Outcome {
        self.note(Note { scope: scope.clone(), text: text.into(), is_warning: true })
    }

    fn note(&mut self, note: Note) -> Outcome {
        let sign = if note.is_warning { "! " } else { "" };
        let line = format!("{}: {sign}{}", note.who(), note.text.replace('\n', " "));
        if self.known()?.contains(&line) {
            return Ok(());
        }
        files::append(&self.file, &format!("{} {line}\n", self.now), 0o600)?;
        self.known()?.insert(line);
        self.notes.push(note);
        Ok(())
    }

    fn known(&mut self) -> Outcome<&mut BTreeSet<String>> {
        let known = match self.known.take() {
            Some(known) => known,
            None => {
                let text = files::read_text(&self.file)?.unwrap_or_default();
                text.lines().filter_map(|line| Some(line.split_once(' ')?.1.to_owned())).collect()
            }
        };
        Ok(self.known.insert(known))
    }

    /// Moves a file that nobody reads any more, but somebody may want, to where it disturbs nothing.
    ///
    /// # Errors
    /// When it cannot be moved or noted.
    pub fn set_aside(&mut self, scope: &Scope, file: &Path, why: &str) -> Outcome {
        let folder = self.aside.join(scope.to_string());
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut to = folder.join(&name);
        let mut number = 1;
        while files::exists(&to) {
            number += 1;
            to = folder.join(format!("{name}.{number}"));
        }
        self.left(scope, format!("{name} {why}: kept as {}", to.display()))?;
        files::create_folders(&folder, 0o700)?;
        files::rename(file, &to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_twice_stands_there_once() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::below(folder.path());
        for now in ["2026-11-21T23:00:00.123456Z", "2026-11-22T23:00:00Z"] {
            let mut report = Report::begin(&layout, now.parse().expect("a time"));
            report.taken(&Scope::Global, "variables: KEY").expect("noted");
        }
        let text = files::read_text(&layout.taken_over()).expect("readable");
        assert_eq!(text.as_deref(), Some("2026-11-21T23:00:00Z all apps: variables: KEY\n"));
    }

    #[test]
    fn what_is_set_aside_covers_nothing() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::below(folder.path());
        let mut report = Report::begin(&layout, Timestamp::UNIX_EPOCH);
        for text in ["one", "two"] {
            let file = folder.path().join("URLS");
            files::write(&file, text.as_bytes(), 0o644).expect("written");
            report.set_aside(&Scope::Global, &file, "is not read").expect("moved");
        }
        let read = |name: &str| files::read_text(&layout.set_aside().join("--global").join(name));
        assert_eq!(read("URLS").expect("readable").as_deref(), Some("one"));
        assert_eq!(read("URLS.2").expect("readable").as_deref(), Some("two"));
        assert_eq!(report.notes().len(), 2);
    }
}

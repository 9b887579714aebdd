//! Logs: their end, and what is added to them while somebody watches.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::model::{Context, Outcome};

/// How often a followed file is looked at: what is added shows that much later at most.
const PACE: Duration = Duration::from_millis(100);

/// The last lines of a file, as bytes; nothing when it is not there. Reads no more of it than they need.
///
/// # Errors
/// When it is there and cannot be read.
pub fn last_lines(path: &Path, count: usize) -> Outcome<Vec<u8>> {
    let mut follower = Follower::from_end(path, count)?;
    follower.added()
}

/// A file that is read on as it grows; one that is replaced or cut short (rotation) is read on from its new start.
pub struct Follower {
    path: PathBuf,
    file: Option<File>,
    offset: u64,
}

impl Follower {
    /// From so many lines before the end on. The file need not be there yet.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn from_end(path: &Path, count: usize) -> Outcome<Self> {
        let mut follower = Follower { path: path.to_owned(), file: None, offset: 0 };
        follower.reopen()?;
        if let Some(file) = &mut follower.file {
            follower.offset =
                start_of_last(file, count).context(|| format!("cannot read {}", path.display()))?;
        }
        Ok(follower)
    }

    /// What was added since the last call, maybe nothing.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn added(&mut self) -> Outcome<Vec<u8>> {
        let is_other = match (std::fs::metadata(&self.path), self.file.as_ref().map(File::metadata)) {
            (Ok(now), Some(Ok(open))) => now.ino() != open.ino() || now.len() < self.offset,
            (Ok(_), _) => true,
            (Err(_), _) => false,
        };
        let mut bytes = self.rest()?;
        if is_other {
            self.reopen()?;
            bytes.extend(self.rest()?);
        }
        Ok(bytes)
    }

    /// What is added next, maybe nothing for now: returns after a short while at the latest, so that the caller can
    /// look whether there is reason to go on.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn next(&mut self) -> Outcome<Vec<u8>> {
        let bytes = self.added()?;
        if bytes.is_empty() {
            tokio::time::sleep(PACE).await;
            return self.added();
        }
        Ok(bytes)
    }

    fn rest(&mut self) -> Outcome<Vec<u8>> {
        let Some(file) = &mut self.file else { return Ok(Vec::new()) };
        let what = || format!("cannot read {}", self.path.display());
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(self.offset)).context(what)?;
        file.read_to_end(&mut bytes).context(what)?;
        self.offset += bytes.len() as u64;
        Ok(bytes)
    }

    fn reopen(&mut self) -> Outcome {
        self.offset = 0;
        self.file = match File::open(&self.path) {
            Ok(file) => Some(file),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error).context(|| format!("cannot read {}", self.path.display())),
        };
        Ok(())
    }
}

/// Where the last `count` lines begin, found by reading backwards. A final newline ends a line and begins none.
fn start_of_last(file: &mut File, count: usize) -> std::io::Result<u64> {
    const BLOCK: u64 = 16 * 1024;
    let length = file.metadata()?.len();
    let (mut end, mut newlines) = (length, 0);
    while end > 0 {
        let start = end.saturating_sub(BLOCK);
        let mut block = vec![0; usize::try_from(end - start).expect("at most a block")];
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(&mut block)?;
        for (at, _) in block.iter().enumerate().rev().filter(|(_, byte)| **byte == b'\n') {
            let behind = start + at as u64 + 1;
            if behind == length {
                continue;
            }
            newlines += 1;
            if newlines == count {
                return Ok(behind);
            }
        }
        end = start;
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::files;

    fn text(bytes: &[u8]) -> String {
        String::from_utf8_lossy(bytes).into_owned()
    }

    #[test]
    fn the_last_lines_are_found_from_the_end() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("log");
        assert_eq!(text(&last_lines(&path, 2).expect("readable")), "", "not there");
        let lines: String = (0..10_000).map(|number| format!("line {number}\n")).collect();
        files::append(&path, &lines, 0o644).expect("writable");
        assert_eq!(text(&last_lines(&path, 2).expect("readable")), "line 9998\nline 9999\n");
        assert_eq!(text(&last_lines(&path, 5_000).expect("readable")).lines().count(), 5_000);
        assert_eq!(text(&last_lines(&path, 20_000).expect("readable")), lines);
        files::append(&path, "half", 0o644).expect("writable");
        assert_eq!(text(&last_lines(&path, 2).expect("readable")), "line 9999\nhalf");
    }

    #[test]
    fn a_followed_file_may_grow_and_be_rotated() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("log");
        files::append(&path, "one\ntwo\n", 0o644).expect("writable");
        let mut follower = Follower::from_end(&path, 1).expect("readable");
        assert_eq!(text(&follower.added().expect("readable")), "two\n");
        files::append(&path, "three\n", 0o644).expect("writable");
        assert_eq!(text(&follower.added().expect("readable")), "three\n");
        assert_eq!(text(&follower.added().expect("readable")), "");
        files::append(&path, "last\n", 0o644).expect("writable");
        files::rename(&path, &folder.path().join("log.1")).expect("renamed");
        files::append(&path, "new\n", 0o644).expect("writable");
        assert_eq!(text(&follower.added().expect("readable")), "last\nnew\n");
    }
}

//! The end of a log file, and what is added to it.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

use crate::model::{Context, Outcome};

/// How often a followed file is looked at.
const PAUSE: Duration = Duration::from_millis(200);

/// Long lines at the end of a log are cut off at its front: more than this is not read at once.
const MOST: u64 = 1024 * 1024;

/// Bytes that were read, and where the file goes on.
#[derive(Debug, Default)]
pub struct Position {
    /// What was read.
    pub bytes: Vec<u8>,
    offset: u64,
    inode: u64,
}

/// The last lines of a file; nothing when it is not there.
///
/// # Errors
/// When it is there and cannot be read.
pub fn last_lines(path: &Path, lines: usize) -> Outcome<Position> {
    let Some((mut file, length, inode)) = open(path)? else { return Ok(Position::default()) };
    let what = || format!("cannot read {}", path.display());
    file.seek(SeekFrom::Start(length.saturating_sub(MOST))).context(what)?;
    let mut bytes = Vec::new();
    file.take(MOST).read_to_end(&mut bytes).context(what)?;
    let body = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    if lines == 0 {
        return Ok(Position { bytes: Vec::new(), offset: length, inode });
    }
    let newlines = body.iter().enumerate().rev().filter(|(_, byte)| **byte == b'\n');
    let start = newlines.map(|(at, _)| at + 1).nth(lines.saturating_sub(1)).unwrap_or(0);
    bytes.drain(..start);
    Ok(Position { bytes, offset: length, inode })
}

/// What was added to the file since that position, as text; nothing when it is not there.
///
/// # Errors
/// When it is there and cannot be read.
pub fn since(path: &Path, position: &Position) -> Outcome<String> {
    let Some((mut file, length, inode)) = open(path)? else { return Ok(String::new()) };
    let offset = if inode == position.inode && length >= position.offset { position.offset } else { 0 };
    let what = || format!("cannot read {}", path.display());
    file.seek(SeekFrom::Start(offset)).context(what)?;
    let mut bytes = Vec::new();
    file.take(MOST).read_to_end(&mut bytes).context(what)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Waits until the file has more to read. Follows it when it is replaced by a new one of its name.
///
/// # Errors
/// When it cannot be read.
pub async fn more(path: &Path, position: Position) -> Outcome<Position> {
    let Position { mut offset, inode, .. } = position;
    loop {
        if let Some((mut file, length, now)) = open(path)? {
            if now != inode || length < offset {
                offset = 0;
            }
            if length > offset {
                let what = || format!("cannot read {}", path.display());
                file.seek(SeekFrom::Start(offset)).context(what)?;
                let mut bytes = Vec::new();
                file.take(length - offset).read_to_end(&mut bytes).context(what)?;
                return Ok(Position { bytes, offset: length, inode: now });
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

fn open(path: &Path) -> Outcome<Option<(File, u64, u64)>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).context(|| format!("cannot read {}", path.display())),
    };
    let found = file.metadata().context(|| format!("cannot read {}", path.display()))?;
    Ok(Some((file, found.len(), found.ino())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_read() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("log");
        let last =
            |lines| String::from_utf8(last_lines(&path, lines).expect("readable").bytes).expect("text");
        assert_eq!(last(2), "");
        std::fs::write(&path, "a\nb\nc\n").expect("writable");
        assert_eq!(last(2), "b\nc\n");
        assert_eq!(last(9), "a\nb\nc\n");
        std::fs::write(&path, "a\nb").expect("writable");
        assert_eq!(last(1), "b");
    }

    #[tokio::test]
    async fn a_replaced_file_is_followed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("log");
        std::fs::write(&path, "a\n").expect("writable");
        let position = last_lines(&path, 9).expect("readable");
        std::fs::rename(&path, folder.path().join("log.1")).expect("renamed");
        std::fs::write(&path, "new\n").expect("writable");
        assert_eq!(more(&path, position).await.expect("readable").bytes, b"new\n");
    }
}

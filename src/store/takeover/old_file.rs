//! Files of older releases as they are found: anything may stand there.

use std::path::Path;

use crate::model::{Fault, Outcome};
use crate::platform::files;

/// No such file was ever as long, in bytes; a longer one is none of theirs.
const LONGEST: usize = 64 * 1024 * 1024;

/// Its text; `None` where no file is, or where a folder, a pipe or a device is.
///
/// # Errors
/// When it cannot be read, is endless, or is no text: then it stays as it is, for what is taken over must be whole.
pub fn read(path: &Path) -> Outcome<Option<String>> {
    let Some(bytes) = files::read_at_most(path, LONGEST)? else { return Ok(None) };
    let text = String::from_utf8(bytes);
    text.map(Some).map_err(|_| Fault::new(format!("{} is not UTF-8: it stays as it is", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_not_taken_over_in_part() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("ENV");
        assert_eq!(read(&file).expect("nothing there"), None);
        assert_eq!(read(folder.path()).expect("a folder"), None);
        for bytes in [vec![b'A', b'=', 0xff], vec![b'x'; LONGEST + 1]] {
            files::write(&file, &bytes, 0o600).expect("written");
            read(&file).expect_err("no file of an older release");
        }
        files::write(&file, "A=\u{fc}".as_bytes(), 0o600).expect("written");
        assert_eq!(read(&file).expect("readable").as_deref(), Some("A=\u{fc}"));
    }
}

//! A folder on disk as the code of a deploy: what plugins have seen, and may have changed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Source;
use crate::model::Outcome;
use crate::platform::docker::{BuildContext, FolderContext};
use crate::platform::files;

/// A folder. No symlink in it is followed out of it.
#[derive(Clone, Debug)]
pub struct FolderSource {
    folder: PathBuf,
}

impl FolderSource {
    /// What is in the folder whenever it is asked.
    pub fn new(folder: &Path) -> Self {
        FolderSource { folder: folder.to_owned() }
    }

    /// Where the file or folder of this path really stands; `None` when there is none, or it lies outside.
    fn inside(&self, path: &str) -> Option<PathBuf> {
        let root = files::resolved(&self.folder)?;
        files::resolved(&self.folder.join(path)).filter(|real| real.starts_with(&root))
    }
}

impl Source for FolderSource {
    fn read(&self, path: &str) -> Outcome<Option<Vec<u8>>> {
        match self.inside(path).filter(|real| real.is_file()) {
            Some(real) => files::read(&real),
            None => Ok(None),
        }
    }

    fn contains(&self, path: &str) -> Outcome<bool> {
        Ok(self.inside(path).is_some())
    }

    fn below(&self, folder: &str) -> Outcome<Option<Arc<dyn Source>>> {
        let real = self.inside(folder).filter(|real| real.is_dir());
        Ok(real.map(|folder| Arc::new(FolderSource { folder }) as Arc<dyn Source>))
    }

    fn context(&self) -> Arc<dyn BuildContext> {
        Arc::new(FolderContext::new(&self.folder))
    }

    fn write_to(&self, folder: &Path) -> Outcome {
        files::copy_all(&self.folder, folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_and_nothing_outside_is() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str| files::write(&folder.path().join(name), name.as_bytes(), 0o644).unwrap();
        let link = |target: &str, name: &str| files::symlink(target, &folder.path().join(name)).unwrap();
        write("Procfile");
        write("bin/run");
        link("bin/run", "start");
        link("/etc/passwd", "out");
        link("../../../../../../etc/passwd", "bin/up");
        link("/etc", "folder");
        let source = FolderSource::new(folder.path());
        let read = |path: &str| source.read(path).unwrap().map(|bytes| String::from_utf8(bytes).unwrap());
        assert_eq!(read("Procfile").as_deref(), Some("Procfile"));
        assert_eq!(read("start").as_deref(), Some("bin/run"));
        for path in ["out", "bin/up", "bin", "missing", "folder/passwd", "../x"] {
            assert_eq!(read(path), None, "{path}");
        }
        assert!(source.contains("bin").unwrap() && !source.contains("out").unwrap());
        let below = source.below("bin").unwrap().expect("a folder");
        assert_eq!(below.read("run").unwrap().as_deref(), Some(&b"bin/run"[..]));
        assert!(source.below("Procfile").unwrap().is_none() && source.below("folder").unwrap().is_none());
        write("Procfile.later");
        assert!(source.contains("Procfile.later").unwrap(), "it is read as it is now");
    }
}

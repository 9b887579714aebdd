//! Which file holds an object.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gix_hash::ObjectId;

use crate::model::{Context, Outcome};
use crate::platform::files;

/// The object folders of a repository (or a quarantine and its repository) and their packs.
pub(super) struct Places {
    folders: Vec<PathBuf>,
    pub packs: Vec<Pack>,
}

/// A pack with its index; the pack itself is opened when it is first needed.
pub(super) struct Pack {
    index: gix_pack::index::File<gix_pack::MMap>,
    path: PathBuf,
    file: Option<Arc<File>>,
}

/// Where an object stands.
pub(super) enum Place {
    Packed { pack: usize, offset: u64 },
    Loose(PathBuf),
}

impl Places {
    /// Opens the folder and its alternates.
    pub(super) fn open(folder: &Path, hash: gix_hash::Kind) -> Outcome<Self> {
        let mut places = Places { folders: Vec::new(), packs: Vec::new() };
        let mut todo = vec![folder.to_owned()];
        // Alternates may have alternates; the bound is for those that go in a circle.
        while let Some(folder) = todo.pop().filter(|_| places.folders.len() < 10) {
            for line in files::read_text(&folder.join("info/alternates"))?.unwrap_or_default().lines() {
                if !line.is_empty() && !line.starts_with('#') {
                    todo.push(folder.join(line));
                }
            }
            places.add_packs(&folder, hash)?;
            places.folders.push(folder);
        }
        Ok(places)
    }

    fn add_packs(&mut self, folder: &Path, hash: gix_hash::Kind) -> Outcome {
        for name in files::names(&folder.join("pack"))? {
            let path = folder.join("pack").join(&name);
            if path.extension().is_some_and(|extension| extension == "idx") {
                let index = gix_pack::index::File::at(&path, hash)
                    .context(|| format!("cannot read the pack index {}", path.display()))?;
                self.packs.push(Pack { index, path: path.with_extension("pack"), file: None });
            }
        }
        Ok(())
    }

    /// Finds the object; `None` when no folder has it.
    pub(super) fn find(&self, id: &ObjectId) -> Option<Place> {
        for (pack, found) in self.packs.iter().enumerate() {
            if let Some(at) = found.index.lookup(id) {
                return Some(Place::Packed { pack, offset: found.index.pack_offset_at_index(at) });
            }
        }
        let hex = id.to_string();
        let paths = self.folders.iter().map(|folder| folder.join(&hex[..2]).join(&hex[2..]));
        paths.into_iter().find(|path| files::exists(path)).map(Place::Loose)
    }
}

impl Pack {
    /// The pack's file.
    pub(super) fn file(&mut self) -> Outcome<Arc<File>> {
        if let Some(file) = &self.file {
            return Ok(Arc::clone(file));
        }
        let file = File::open(&self.path).context(|| format!("cannot read {}", self.path.display()))?;
        let file = Arc::new(file);
        self.file = Some(Arc::clone(&file));
        Ok(file)
    }
}

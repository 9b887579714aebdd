//! A tree of files as an archive that a container unpacks, written while it is sent.

use std::io::{self, BufWriter, Read, Write};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use tokio::sync::mpsc;

use super::{BuildContext, ByteStream, ContextEntry, DockerResult, EntryKind};
use crate::model::{Context, Outcome};

/// Bytes of a piece, and how many pieces may wait for the engine.
const PIECE: usize = 64 * 1024;
const WAITING: usize = 8;

/// To whom unpacked files belong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileOwner {
    /// The user's number in the container.
    pub uid: u64,
    /// The group's.
    pub gid: u64,
}

/// What becomes of a tree on its way into a container.
#[derive(Clone, Debug, Default)]
pub struct TreePlan {
    /// The folder its root becomes, without slash at either end: `app`.
    pub folder: String,
    /// To whom all belongs.
    pub owner: FileOwner,
    /// Paths that are left out.
    pub left_out: Vec<String>,
    /// Files that are added, or stand in for one of the same path: path, mode, content.
    pub added: Vec<(String, u32, Vec<u8>)>,
}

/// The archive, for `write_archive`. It is made as the engine reads it, so that memory stays flat; when the tree
/// cannot be read, the stream ends with that error.
pub fn archive_of_tree(tree: Arc<dyn BuildContext>, plan: TreePlan) -> ByteStream {
    let (pieces, waiting) = mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || {
        let out = BufWriter::with_capacity(PIECE, Pipe(pieces.clone()));
        if let Err(fault) = write(tree.as_ref(), &plan, out) {
            // Nobody reads any more: then that is what ended it.
            let _ = pieces.blocking_send(Err(fault.into()));
        }
    });
    stream::unfold(waiting, |mut waiting| async { waiting.recv().await.map(|piece| (piece, waiting)) })
        .boxed()
}

fn write(tree: &dyn BuildContext, plan: &TreePlan, out: impl Write) -> Outcome {
    let mut archive = tar::Builder::new(out);
    let what = |path: &str| format!("cannot send {path} to the engine");
    add(&mut archive, plan, &folder_of(&plan.folder, 0), io::empty()).context(|| what(&plan.folder))?;
    for entry in tree.entries()? {
        let is_replaced = plan.added.iter().any(|(path, ..)| *path == entry.path);
        if is_replaced || plan.left_out.contains(&entry.path) {
            continue;
        }
        let named = ContextEntry { path: format!("{}/{}", plan.folder, entry.path), ..entry.clone() };
        let content: Box<dyn Read> = match entry.kind {
            EntryKind::File { .. } => tree.open(&entry)?,
            EntryKind::Folder | EntryKind::Symlink(_) => Box::new(io::empty()),
        };
        add(&mut archive, plan, &named, content).context(|| what(&entry.path))?;
    }
    for (path, mode, content) in &plan.added {
        let mut header = header(plan.owner, *mode, content.len() as u64, 0);
        let path = format!("{}/{path}", plan.folder);
        archive.append_data(&mut header, &path, content.as_slice()).context(|| what(&path))?;
    }
    let mut out = archive.into_inner().context(|| what(&plan.folder))?;
    out.flush().context(|| what(&plan.folder))
}

fn folder_of(path: &str, modified: i64) -> ContextEntry {
    ContextEntry { path: path.to_owned(), kind: EntryKind::Folder, size: 0, modified, content: Vec::new() }
}

fn add(
    archive: &mut tar::Builder<impl Write>,
    plan: &TreePlan,
    entry: &ContextEntry,
    content: impl Read,
) -> io::Result<()> {
    let seconds = u64::try_from(entry.modified / 1_000_000_000).unwrap_or_default();
    let mode = match entry.kind {
        EntryKind::File { executable: false } => 0o644,
        EntryKind::File { executable: true } | EntryKind::Folder => 0o755,
        EntryKind::Symlink(_) => 0o777,
    };
    let mut header = header(plan.owner, mode, 0, seconds);
    match &entry.kind {
        EntryKind::Folder => {
            header.set_entry_type(tar::EntryType::Directory);
            archive.append_data(&mut header, format!("{}/", entry.path), io::empty())
        }
        EntryKind::Symlink(target) => {
            header.set_entry_type(tar::EntryType::Symlink);
            archive.append_link(&mut header, &entry.path, target)
        }
        EntryKind::File { .. } => {
            header.set_size(entry.size);
            archive.append_data(&mut header, &entry.path, content)
        }
    }
}

fn header(owner: FileOwner, mode: u32, size: u64, modified: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_mode(mode);
    header.set_uid(owner.uid);
    header.set_gid(owner.gid);
    header.set_mtime(modified);
    header.set_size(size);
    header
}

/// Hands pieces to the task that sends them, and waits when it is behind.
struct Pipe(mpsc::Sender<DockerResult<Bytes>>);

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes)));
        sent.map(|()| bytes.len()).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Tree;

    impl BuildContext for Tree {
        fn entries(&self) -> Outcome<Vec<ContextEntry>> {
            let file = |path: &str, size| ContextEntry {
                kind: EntryKind::File { executable: true },
                size,
                ..folder_of(path, 5_000_000_000)
            };
            let link = ContextEntry { kind: EntryKind::Symlink("../run".into()), ..folder_of("bin/link", 0) };
            Ok(vec![folder_of("bin", 0), file("bin/run", 3), link, file("Procfile", 3), file("gone", 3)])
        }

        fn open(&self, entry: &ContextEntry) -> Outcome<Box<dyn Read + Send>> {
            assert_ne!(entry.path, "gone");
            Ok(Box::new(io::Cursor::new("run")))
        }
    }

    #[test]
    fn a_tree_arrives_in_its_folder_with_its_owner() {
        let plan = TreePlan {
            folder: "app".into(),
            owner: FileOwner { uid: 7, gid: 8 },
            left_out: vec!["gone".into()],
            added: vec![("Procfile".into(), 0o600, b"web: x".to_vec())],
        };
        let mut bytes = Vec::new();
        write(&Tree, &plan, &mut bytes).expect("memory takes all");
        let mut found = Vec::new();
        for entry in tar::Archive::new(bytes.as_slice()).entries().expect("an archive") {
            let mut entry = entry.expect("an entry");
            let mut text = String::new();
            entry.read_to_string(&mut text).expect("text");
            let (header, path) = (entry.header(), entry.path().expect("a path").display().to_string());
            assert_eq!((header.uid().expect("a number"), header.gid().expect("a number")), (7, 8));
            found.push(format!(
                "{path} {:o} {} {text}",
                header.mode().expect("a mode"),
                header.mtime().expect("a time")
            ));
        }
        assert_eq!(
            found,
            [
                "app/ 755 0 ",
                "app/bin/ 755 0 ",
                "app/bin/run 755 5 run",
                "app/bin/link 777 0 ",
                "app/Procfile 600 0 web: x"
            ]
        );
    }
}

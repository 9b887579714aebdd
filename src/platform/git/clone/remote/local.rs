//! A repository on this machine. The room's own server reads it, in a thread: packs, loose objects, packed
//! references and alternates are its business, and what it sends is checked like everything else.

use std::path::{Path, PathBuf};

use super::stream::Stream;
use crate::model::{Context, Fault, Outcome};
use crate::platform::files;
use crate::platform::git::wire::Protocol;
use crate::platform::git::{Repository, upload_pack};

/// Starts to serve the repository at this path, a bare one or a checkout.
pub(super) fn connect(path: &Path) -> Outcome<Stream> {
    let folder = [path.to_owned(), path.with_added_extension("git")]
        .into_iter()
        .find_map(|path| git_folder(&path).transpose())
        .unwrap_or_else(|| Err(Fault::new(format!("{} is not a git repository", path.display()))))?;
    let repository = Repository::open(&folder)?;
    let what = || "cannot open a pipe".to_owned();
    let (mut asked, question) = std::io::pipe().context(what)?;
    let (answer, told) = std::io::pipe().context(what)?;
    // It ends when our ends of the pipes are dropped; what it has to say it says on the wire.
    std::thread::spawn(move || upload_pack(&mut asked, Box::new(told), &repository, Protocol::V2));
    Ok(Stream::new(Box::new(answer), Box::new(question)))
}

/// The folder with the objects of the repository at this path: the path itself, or its `.git`, which may be a
/// file that names it. `None` when there is no repository.
///
/// # Errors
/// When the file cannot be read.
pub(in crate::platform::git::clone) fn git_folder(path: &Path) -> Outcome<Option<PathBuf>> {
    let inner = path.join(".git");
    let found = if files::is_folder(&inner) || !files::exists(&inner) {
        [inner, path.to_owned()].into_iter().find(|folder| Repository::exists(folder))
    } else {
        let text = files::read_text(&inner)?.unwrap_or_default();
        let named = text.strip_prefix("gitdir:").map(|named| path.join(named.trim()));
        named.filter(|folder| Repository::exists(folder))
    };
    Ok(found)
}

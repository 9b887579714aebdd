//! Where a checkout came from, and where it stands.

use std::path::Path;

use gix_hash::ObjectId;

use super::remote::git_folder;
use crate::model::Outcome;
use crate::platform::files;
use crate::platform::git::Repository;

/// What a checkout says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// The address of `origin`, with a password where it was given one; `None` when it has no origin.
    pub url: Option<String>,
    /// The commit HEAD stands at.
    pub commit: ObjectId,
    /// The branch HEAD is on; `None` when it is on none.
    pub branch: Option<String>,
}

/// Reads what a folder is a checkout of, whoever made it. `None` when it is no checkout, or one without a commit.
///
/// # Errors
/// When there is a repository that cannot be read.
pub fn describe(folder: &Path) -> Outcome<Option<Described>> {
    if !files::exists(&folder.join(".git")) {
        return Ok(None);
    }
    let Some(git) = git_folder(folder)? else { return Ok(None) };
    let repository = Repository::open(&git)?;
    let Some(commit) = repository.resolve("HEAD")? else { return Ok(None) };
    let url = repository.config().get("remote \"origin\".url").map(str::to_owned);
    Ok(Some(Described { url, commit, branch: repository.head_branch()? }))
}

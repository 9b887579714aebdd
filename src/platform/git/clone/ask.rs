//! A clone in nouns: what is wanted, and what came of it.

use std::path::Path;
use std::time::{Duration, Instant};

use gix_hash::ObjectId;

use crate::model::{Fault, Outcome};
use crate::platform::env::Env;

/// What to clone, and where to.
pub struct CloneRequest<'a> {
    /// `https://`, `http://`, `ssh://`, `git://` or `file://`, `USER@HOST:PATH`, or a path.
    pub url: &'a str,
    /// A branch, a tag, or a commit id, which may be cut to four digits; `None` takes what HEAD names.
    pub committish: Option<&'a str>,
    /// The folder to make. Nothing of that name may be there.
    pub target: &'a Path,
    /// Where proxies, `HOME` (for `.netrc` and ssh), `GIT_SSH` and `GIT_SSH_COMMAND` are looked up.
    pub env: &'a Env,
    /// How much it may take.
    pub limits: CloneLimits,
    /// Takes a line for people now and then, without a newline.
    pub progress: &'a (dyn Fn(&str) + Sync),
}

/// How much a clone may take from the machine.
#[derive(Clone, Copy, Debug)]
pub struct CloneLimits {
    /// Bytes that are received, and again bytes of all files written.
    pub bytes: u64,
    /// Files, folders and links written.
    pub files: u64,
    /// From the first word to the last file.
    pub time: Duration,
}

impl Default for CloneLimits {
    fn default() -> Self {
        CloneLimits { bytes: 2 << 30, files: 500_000, time: Duration::from_secs(900) }
    }
}

/// What came of a clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cloned {
    /// The commit whose files stand in the folder.
    pub commit: ObjectId,
    /// The branch HEAD is on; `None` where a tag or a commit was asked for.
    pub branch: Option<String>,
    /// Paths of submodules: empty folders, for their files were not fetched.
    pub submodules: Vec<String>,
}

/// When a clone must be over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    at: Instant,
    allowed: Duration,
}

impl Deadline {
    pub(super) fn after(allowed: Duration) -> Self {
        Deadline { at: Instant::now() + allowed, allowed }
    }

    /// The time left; never nothing, since a socket takes that for "no limit".
    pub(super) fn left(&self) -> Duration {
        self.at.saturating_duration_since(Instant::now()).max(Duration::from_millis(1))
    }

    pub(super) fn check(&self) -> Outcome {
        if Instant::now() < self.at {
            return Ok(());
        }
        Err(Fault::new(format!("it took longer than {} seconds", self.allowed.as_secs())))
    }
}

//! A bare repository: open it, make it, ask it about its history.

use std::path::{Path, PathBuf};

use gix_hash::ObjectId;
use gix_traverse::commit::Simple;

use super::complete::mark_complete;
use super::config::Config;
use super::objects::{Kind, Objects, parse_commit};
use super::refs::Refs;
use super::tree::Tree;
use crate::model::{Context, Fault, Outcome};
use crate::platform::files;
use crate::platform::lock::Lock;

/// A bare repository on the volume. Cheap: nothing but its `config` is read before it is asked for.
#[derive(Debug)]
pub struct Repository {
    folder: PathBuf,
    hash: gix_hash::Kind,
    config: Config,
}

/// What a commit says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitInfo {
    /// The commit's id; of an annotated tag the commit it points to.
    pub id: ObjectId,
    /// Its tree.
    pub tree: ObjectId,
    /// Its parents, first parent first.
    pub parents: Vec<ObjectId>,
    /// `NAME <EMAIL>` of the author.
    pub author: String,
    /// The first line of the message.
    pub subject: String,
    /// When it was committed, in seconds since 1970, UTC.
    pub time: i64,
}

impl Repository {
    /// Opens the repository in this folder.
    ///
    /// # Errors
    /// When there is none, or one of a format that this server cannot store.
    pub fn open(folder: &Path) -> Outcome<Self> {
        if !Repository::exists(folder) {
            return Err(Fault::new(format!("{} is not a git repository", folder.display())));
        }
        let config = Config::read(folder)?;
        let hash = config.hash()?;
        Ok(Repository { folder: folder.to_owned(), hash, config })
    }

    /// True when the folder holds a bare repository.
    pub fn exists(folder: &Path) -> bool {
        files::exists(&folder.join("HEAD"))
            && files::is_folder(&folder.join("objects"))
            && files::is_folder(&folder.join("refs"))
    }

    /// Lays out a bare repository whose HEAD is this branch, and opens it. What is there stays as it
    /// is: HEAD, configuration and objects are not touched, only what is missing is added. The
    /// `pre-receive` hook, where given, is written when its text differs.
    ///
    /// # Errors
    /// When a file or folder cannot be made.
    pub fn init(folder: &Path, head_branch: &str, pre_receive: Option<&str>) -> Outcome<Self> {
        for name in ["objects/info", "objects/pack", "refs/heads", "refs/tags", "hooks", "info"] {
            files::create_folders(&folder.join(name), 0o755)?;
        }
        let config = folder.join("config");
        if !files::exists(&config) {
            files::write(&config, DEFAULT_CONFIG.as_bytes(), 0o644)?;
        }
        if let Some(text) = pre_receive {
            let hook = folder.join("hooks/pre-receive");
            if !files::is_executable(&hook) || files::read_text(&hook)?.as_deref() != Some(text) {
                files::write(&hook, text.as_bytes(), 0o755)?;
            }
        }
        // Last: a folder without HEAD is no repository yet, so a kill before this line leaves none.
        let head = folder.join("HEAD");
        let is_new = !files::exists(&head);
        if is_new {
            files::write(&head, format!("ref: refs/heads/{head_branch}\n").as_bytes(), 0o644)?;
        }
        let repository = Repository::open(folder)?;
        if is_new {
            mark_complete(&repository)?;
        }
        Ok(repository)
    }

    /// The folder of the repository.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder of its objects.
    pub fn objects_folder(&self) -> PathBuf {
        self.folder.join("objects")
    }

    /// The branch HEAD names, without `refs/heads/`; `None` when HEAD is a commit.
    ///
    /// # Errors
    /// When HEAD cannot be read.
    pub fn head_branch(&self) -> Outcome<Option<String>> {
        let head = files::read_text(&self.folder.join("HEAD"))?.unwrap_or_default();
        let name = head.strip_prefix("ref:").map(str::trim);
        Ok(name.map(|name| name.strip_prefix("refs/heads/").unwrap_or(name).to_owned()))
    }

    /// Lets HEAD name this branch, which need not exist yet.
    ///
    /// # Errors
    /// When HEAD cannot be written.
    pub fn set_head_branch(&self, branch: &str) -> Outcome {
        files::write(&self.folder.join("HEAD"), format!("ref: refs/heads/{branch}\n").as_bytes(), 0o644)
    }

    /// The references of the repository.
    pub fn refs(&self) -> Refs<'_> {
        Refs::new(self)
    }

    /// The objects of the repository.
    ///
    /// # Errors
    /// When the object folder cannot be read.
    pub fn objects(&self) -> Outcome<Objects> {
        Objects::open(&self.objects_folder(), self.hash)
    }

    /// The tree of this commit (or tag, or tree), read without a checkout.
    ///
    /// # Errors
    /// When it is not there, or broken.
    pub fn tree(&self, commit: &ObjectId) -> Outcome<Tree> {
        Tree::open(&self.objects_folder(), self.hash, commit)
    }

    /// The commit that a full reference name, a branch name, a tag name or an id stands for.
    ///
    /// # Errors
    /// When the repository cannot be read. A name that nothing has is not an error but `None`.
    pub fn resolve(&self, name: &str) -> Outcome<Option<ObjectId>> {
        let refs = self.refs();
        if name == "HEAD" {
            return match self.head_branch()? {
                Some(branch) => refs.find(&format!("refs/heads/{branch}")),
                None => Ok(files::read_text(&self.folder.join("HEAD"))?
                    .and_then(|text| ObjectId::from_hex(text.trim().as_bytes()).ok())),
            };
        }
        for candidate in [name.to_owned(), format!("refs/heads/{name}"), format!("refs/tags/{name}")] {
            if candidate.starts_with("refs/")
                && let Some(id) = refs.find(&candidate)?
            {
                return Ok(Some(id));
            }
        }
        match ObjectId::from_hex(name.as_bytes()) {
            Ok(id) if id.kind() == self.hash && self.objects()?.contains(&id) => Ok(Some(id)),
            _ => Ok(None),
        }
    }

    /// True when `ancestor` is `commit` itself or one of those it came from.
    ///
    /// # Errors
    /// When a commit on the way cannot be read.
    pub fn is_ancestor(&self, ancestor: &ObjectId, commit: &ObjectId) -> Outcome<bool> {
        is_ancestor(&self.objects()?, ancestor, commit)
    }

    /// Tree and facts of a commit whose objects may stand in another folder that leads here, such as the
    /// quarantine that a plain git names to its hooks; `None` when it is not there.
    ///
    /// # Errors
    /// When an object folder cannot be read.
    pub fn tree_in_quarantine(
        &self,
        quarantine: Option<&Path>,
        commit: &str,
    ) -> Outcome<Option<(Tree, CommitInfo)>> {
        let own = self.objects_folder();
        let folder = quarantine.unwrap_or(&own);
        let objects = Objects::open(folder, self.hash)?;
        let Ok(id) = ObjectId::from_hex(commit.as_bytes()) else { return Ok(None) };
        if !objects.contains(&id) {
            return Ok(None);
        }
        let commit = commit_info(&objects, &objects.peel(&id)?)?;
        Ok(Some((Tree::open(folder, self.hash, &commit.id)?, commit)))
    }

    /// What the commit says about itself.
    ///
    /// # Errors
    /// When it is not there, or is no commit.
    pub fn commit_info(&self, id: &ObjectId) -> Outcome<CommitInfo> {
        commit_info(&self.objects()?, id)
    }

    /// Which hash names the objects.
    pub(super) fn hash(&self) -> gix_hash::Kind {
        self.hash
    }

    /// The repository's own configuration.
    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    /// Takes the repository's lock: held around every change of references and packs, and while
    /// quarantines are made or swept. Short: no deploy, no network under it.
    pub(super) fn lock(&self) -> Outcome<Lock> {
        Lock::take(&self.lock_path())
    }

    /// Where the lock file stands.
    pub(super) fn lock_path(&self) -> PathBuf {
        self.folder.join("dokku-git.lock")
    }
}

/// As [`Repository::is_ancestor`], on objects that may still be in quarantine.
pub(super) fn is_ancestor(objects: &Objects, ancestor: &ObjectId, commit: &ObjectId) -> Outcome<bool> {
    if ancestor == commit {
        return Ok(true);
    }
    let what = || format!("cannot walk the history of {commit}");
    // Nothing of the ancestor is left when all that the commit reaches is hidden.
    let mut walk = Simple::new([*ancestor], objects.handle()).hide([*commit]).context(what)?;
    match walk.next() {
        None => Ok(true),
        Some(found) => found.map(|_| false).context(what),
    }
}

/// As [`Repository::commit_info`], on objects that may still be in quarantine.
pub(super) fn commit_info(objects: &Objects, id: &ObjectId) -> Outcome<CommitInfo> {
    let id = objects.peel(id)?;
    let object = objects.find(&id)?.ok_or_else(|| Fault::new(format!("the commit {id} is not there")))?;
    if object.kind != Kind::Commit {
        return Err(Fault::new(format!("{id} is a {}, not a commit", object.kind.name())));
    }
    let commit = parse_commit(&object.data, objects.hash())
        .map_err(|why| Fault::new(format!("bad commit {id}: {why}")))?;
    let author = text_of(commit.author);
    let committer = text_of(commit.committer);
    Ok(CommitInfo {
        id,
        tree: commit.tree,
        parents: commit.parents,
        author: author.rsplit_once("> ").map_or(author.clone(), |(who, _)| format!("{who}>")),
        subject: text_of(commit.message)
            .trim_start_matches('\n')
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned(),
        time: committer
            .rsplit_once("> ")
            .and_then(|(_, when)| when.split(' ').next()?.parse().ok())
            .unwrap_or_default(),
    })
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const DEFAULT_CONFIG: &str = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n";

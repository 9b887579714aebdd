//! A working copy to push from: one of `tests/fixtures/apps`, under the system's git.

use std::fs;
use std::path::{Path, PathBuf};

use super::shell::{Ran, run};
use super::sources::root;

/// A git repository in a temporary folder, gone with the value.
pub struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    /// A copy of the app among the fixtures, committed on the branch `main`.
    pub fn of(fixture: &str) -> Self {
        Self::at("tests/fixtures/apps", fixture)
    }

    /// The same of a plugin among the fixtures.
    pub fn of_plugin(fixture: &str) -> Self {
        Self::at("tests/fixtures/plugins", fixture)
    }

    fn at(folder: &str, fixture: &str) -> Self {
        let repository = Self::empty();
        copy(&root().join(folder).join(fixture), repository.path());
        repository.commit("as it stands in the fixtures");
        repository
    }

    /// Without a commit.
    pub fn empty() -> Self {
        let repository = Repository { folder: tempfile::tempdir().expect("a temporary folder") };
        repository.git(&["init", "-q"]).ok();
        repository.git(&["symbolic-ref", "HEAD", "refs/heads/main"]).ok();
        repository
    }

    /// Where it stands.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, folders included.
    pub fn write(&self, name: &str, text: &str) -> &Self {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("below the repository")).expect("a folder");
        fs::write(path, text).expect("a file");
        self
    }

    /// Writes a file that can be run.
    pub fn write_program(&self, name: &str, text: &str) -> &Self {
        use std::os::unix::fs::PermissionsExt;
        self.write(name, text);
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(self.path().join(name), mode).expect("a mode");
        self
    }

    /// Commits whatever is there, even if nothing changed.
    pub fn commit(&self, message: &str) -> &Self {
        self.git(&["add", "--all"]).ok();
        self.git(&["commit", "-q", "--allow-empty", "-m", message]).ok();
        self
    }

    /// What a name points to.
    pub fn revision(&self, name: &str) -> String {
        self.git(&["rev-parse", name]).ok().out.trim().to_owned()
    }

    /// Runs git in it, for at most two minutes.
    pub fn git(&self, arguments: &[&str]) -> Ran {
        self.git_with(arguments, &[])
    }

    /// The same with more environment, where the tests' ssh is named.
    pub fn git_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
        let folder = self.path().to_string_lossy().into_owned();
        let mut words = vec!["git", "-C", &folder];
        words.extend(arguments);
        let mut all = ENVIRONMENT.to_vec();
        all.extend(environment);
        run(120, &words, &all, b"")
    }
}

/// Nothing of the person's own configuration plays a part.
pub const ENVIRONMENT: &[(&str, &str)] = &[
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_CONFIG_SYSTEM", "/dev/null"),
    ("GIT_AUTHOR_NAME", "Ada"),
    ("GIT_AUTHOR_EMAIL", "ada@example.com"),
    ("GIT_COMMITTER_NAME", "Ada"),
    ("GIT_COMMITTER_EMAIL", "ada@example.com"),
    ("GIT_TERMINAL_PROMPT", "0"),
];

/// Copies what is in a folder into another.
pub fn copy(from: &Path, to: &Path) {
    let entries = fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    for entry in entries.flatten() {
        let (source, target): (PathBuf, PathBuf) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            fs::create_dir_all(&target).expect("a folder");
            copy(&source, &target);
        } else {
            fs::copy(&source, &target).expect("a copy");
        }
    }
}

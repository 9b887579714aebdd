//! The environment of the process, read once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A copy of the environment. Commands hand it on to what they start; nothing changes the process's own.
#[derive(Clone, Debug, Default)]
pub struct Env(BTreeMap<String, String>);

impl Env {
    /// The environment this process was started with. Entries that are not UTF-8 are left out.
    pub fn of_process() -> Self {
        Env(std::env::vars_os()
            .filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)))
            .collect())
    }

    /// The value, if it is set and not empty.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Sets a value.
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.0.insert(key.into(), value.into());
    }

    /// Removes a value.
    pub fn remove(&mut self, key: &str) {
        self.0.remove(key);
    }

    /// Sets a value unless one is there.
    pub fn set_default(&mut self, key: &str, value: impl Into<String>) {
        if self.get(key).is_none() {
            self.set(key, value);
        }
    }

    /// All pairs, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Env {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Env(pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}

/// The words the process was started with, the program's name first. Bytes that are not UTF-8 become U+FFFD.
pub fn arguments() -> Vec<String> {
    std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect()
}

/// The file this process runs from, to start it again. Stays right when the file is replaced meanwhile.
pub fn own_program() -> PathBuf {
    PathBuf::from("/proc/self/exe")
}

/// The program that commands run in, for a process that is the server: it stands beside ours.
pub fn command_program() -> PathBuf {
    program_beside("dokku")
}

/// A program of that name in the folder that ours stands in.
pub fn program_beside(name: &str) -> PathBuf {
    std::env::current_exe().map_or_else(|_| Path::new("/usr/bin").join(name), |own| own.with_file_name(name))
}

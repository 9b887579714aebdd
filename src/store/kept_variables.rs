//! Variables as records keep them: small values in the record itself, large ones in files beside it, which records
//! share that follow each other. All of it is secret: mode 0600.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::variables::Variables;
use crate::model::{Fault, Outcome};
use crate::platform::files;

/// From how many bytes on a value is a file of its own.
const LARGE: usize = 1024;

const MODE: u32 = 0o600;

/// A value in a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Kept {
    /// The value.
    Text(String),
    /// One that stands in a file.
    Large {
        /// The file's name in the shelf.
        file: String,
        /// How many bytes it has.
        bytes: usize,
    },
}

/// The variables of a record, by name.
pub type KeptVariables = BTreeMap<String, Kept>;

/// The folder of the large values of an app's records.
pub struct Shelf {
    folder: PathBuf,
}

impl Shelf {
    /// This folder, which need not be there.
    pub fn new(folder: PathBuf) -> Self {
        Shelf { folder }
    }

    /// Puts variables away for the record of this number. What the record before has the same is not written again.
    ///
    /// # Errors
    /// When a value cannot be written, or one of the record before not be read.
    pub fn keep(
        &self,
        number: u64,
        variables: &Variables,
        before: Option<&KeptVariables>,
    ) -> Outcome<KeptVariables> {
        let mut kept = KeptVariables::new();
        for (count, (key, value)) in variables.iter().enumerate() {
            let one = if value.len() < LARGE {
                Kept::Text(value.clone())
            } else if let Some(same) = self.same(before.and_then(|before| before.get(key)), value)? {
                same
            } else {
                let file = format!("{number}-{count}");
                files::write(&self.folder.join(&file), value.as_bytes(), MODE)?;
                Kept::Large { file, bytes: value.len() }
            };
            kept.insert(key.clone(), one);
        }
        Ok(kept)
    }

    fn same(&self, kept: Option<&Kept>, value: &str) -> Outcome<Option<Kept>> {
        match kept {
            Some(Kept::Large { file, bytes }) if *bytes == value.len() => {
                let text = files::read_text(&self.folder.join(file))?;
                Ok(text.filter(|text| text == value).and(kept.cloned()))
            }
            Some(Kept::Large { .. } | Kept::Text(_)) | None => Ok(None),
        }
    }

    /// The variables of a record.
    ///
    /// # Errors
    /// When a value is gone or cannot be read.
    pub fn load(&self, kept: &KeptVariables) -> Outcome<Variables> {
        kept.iter().map(|(key, value)| Ok((key.clone(), self.value(key, value)?))).collect()
    }

    fn value(&self, key: &str, value: &Kept) -> Outcome<String> {
        match value {
            Kept::Text(text) => Ok(text.clone()),
            Kept::Large { file, .. } => {
                let path = self.folder.join(file);
                files::read_text(&path)?.ok_or_else(|| {
                    Fault::new(format!("The value of {key} that was kept in {} is gone", path.display()))
                })
            }
        }
    }

    /// Removes the files that none of these records names.
    ///
    /// # Errors
    /// When the folder cannot be read, or a file not be removed.
    pub fn sweep<'a>(&self, records: impl Iterator<Item = &'a KeptVariables>) -> Outcome {
        let named: BTreeSet<&str> = records.flat_map(BTreeMap::values).filter_map(file_of).collect();
        for file in files::names(&self.folder)? {
            if !named.contains(file.as_str()) {
                files::remove(&self.folder.join(file))?;
            }
        }
        Ok(())
    }
}

fn file_of(value: &Kept) -> Option<&str> {
    match value {
        Kept::Large { file, .. } => Some(file),
        Kept::Text(_) => None,
    }
}

/// How many bytes the large values of these records take, each file counted once.
pub fn bytes<'a>(records: impl Iterator<Item = &'a KeptVariables>) -> usize {
    let files: BTreeMap<&str, usize> = records
        .flat_map(BTreeMap::values)
        .filter_map(|value| match value {
            Kept::Large { file, bytes } => Some((file.as_str(), *bytes)),
            Kept::Text(_) => None,
        })
        .collect();
    files.values().sum()
}

/// How a variable differs between two moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// It was not there before.
    Added,
    /// It has another value.
    Changed,
    /// It is gone.
    Removed,
}

impl How {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            How::Added => "added",
            How::Changed => "changed",
            How::Removed => "removed",
        }
    }
}

/// A variable that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Its name.
    pub key: String,
    /// How.
    pub how: How,
}

impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.key, self.how.word())
    }
}

/// What differs between two moments, by name.
pub fn changes(before: &Variables, after: &Variables) -> Vec<Change> {
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let how = |key: &String| match (before.get(key), after.get(key)) {
        (None, Some(_)) => Some(How::Added),
        (Some(_), None) => Some(How::Removed),
        (Some(old), Some(new)) if old != new => Some(How::Changed),
        (Some(_), Some(_)) | (None, None) => None,
    };
    keys.into_iter().filter_map(|key| Some(Change { key: key.clone(), how: how(key)? })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(pairs: &[(&str, &str)]) -> Variables {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_large_value_is_written_once_and_goes_with_the_last_record_that_has_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let shelf = Shelf::new(folder.path().join("values"));
        let large = "x".repeat(1_000_000);
        let first = variables(&[("A", "1"), ("BIG", &large)]);
        let one = shelf.keep(1, &first, None).expect("writable");
        let second = variables(&[("A", "2"), ("BIG", &large)]);
        let two = shelf.keep(2, &second, Some(&one)).expect("writable");
        assert_eq!(files::names(&folder.path().join("values")).expect("readable"), ["1-1"]);
        assert_eq!(bytes([&one, &two].into_iter()), 1_000_000);
        assert_eq!(shelf.load(&two).expect("readable"), second);
        shelf.sweep([&two].into_iter()).expect("swept");
        assert_eq!(shelf.load(&two).expect("readable"), second);
        shelf.sweep([].into_iter()).expect("swept");
        let gone = shelf.load(&two).expect_err("it was removed");
        assert!(gone.message.starts_with("The value of BIG that was kept in "), "{gone}");
        assert!(serde_json::to_string(&two).expect("JSON").len() < 100);
    }

    #[test]
    fn differences_are_told_by_name() {
        let before = variables(&[("A", "1"), ("B", "1"), ("C", "1")]);
        let after = variables(&[("A", "1"), ("B", "2"), ("D", "1")]);
        let told: Vec<String> = changes(&before, &after).iter().map(ToString::to_string).collect();
        assert_eq!(told, ["B changed", "C removed", "D added"]);
    }
}

//! Records in a folder, `N.json` each, from 1 on: releases, and revisions of variables. Their large values stand on a
//! shelf beside them, which they share.

use std::path::PathBuf;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::kept_variables::{KeptVariables, Shelf};
use crate::model::{Context, Outcome};
use crate::platform::files;

const MODE: u32 = 0o600;

/// What is written down under a number.
pub trait Numbered: Serialize + DeserializeOwned {
    /// Its number, from 1. No number is used twice.
    fn number(&self) -> u64;

    /// The variables in it, some of which may stand on the shelf.
    fn variables(&self) -> &KeptVariables;
}

/// The records of an app, or of all apps.
pub struct Records {
    folder: PathBuf,
    shelf: Shelf,
}

impl Records {
    /// Those in this folder, whose large values are on that shelf. Neither need be there.
    pub fn new(folder: PathBuf, shelf: Shelf) -> Self {
        Records { folder, shelf }
    }

    /// Where their large values are.
    pub fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// The numbers that are taken, ascending, also those of records that cannot be read.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn numbers(&self) -> Outcome<Vec<u64>> {
        let names = files::names(&self.folder)?;
        let number = |name: &String| name.strip_suffix(".json")?.parse().ok();
        let mut numbers: Vec<u64> = names.iter().filter_map(number).collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// The number of the next one.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn next_number(&self) -> Outcome<u64> {
        Ok(self.numbers()?.last().map_or(1, |number| number.saturating_add(1)))
    }

    /// One, if it is remembered.
    ///
    /// # Errors
    /// When it is there and cannot be understood.
    pub fn load<R: Numbered>(&self, number: u64) -> Outcome<Option<R>> {
        let path = self.path(number);
        let Some(bytes) = files::read(&path)? else { return Ok(None) };
        serde_json::from_slice(&bytes).map(Some).context(|| format!("cannot read {}", path.display()))
    }

    /// All, the newest first. What cannot be read, as it is of a later version, is left out.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn all<R: Numbered>(&self) -> Outcome<Vec<R>> {
        let numbers = self.numbers()?.into_iter().rev();
        Ok(numbers.filter_map(|number| self.load(number).ok().flatten()).collect())
    }

    /// The newest that can be read.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn newest<R: Numbered>(&self) -> Outcome<Option<R>> {
        let mut numbers = self.numbers()?.into_iter().rev();
        Ok(numbers.find_map(|number| self.load(number).ok().flatten()))
    }

    /// Writes one, in place of what was written of it before.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write<R: Numbered>(&self, record: &R) -> Outcome {
        let path = self.path(record.number());
        let text = serde_json::to_string(record).context(|| format!("cannot write {}", path.display()))?;
        files::write(&path, text.as_bytes(), MODE)
    }

    /// Forgets some, and the values that no other has. What cannot be read may have any of them: as long as there is such
    /// a record all values stay, and it goes with the first that is newer.
    ///
    /// # Errors
    /// When a file cannot be read or removed.
    pub fn forget<R: Numbered>(&self, numbers: &[u64]) -> Outcome {
        for number in numbers {
            files::remove(&self.path(*number))?;
        }
        let newest_gone = numbers.iter().max();
        let mut left: Vec<R> = Vec::new();
        let mut is_any_unread = false;
        for number in self.numbers()? {
            match self.load(number) {
                Ok(found) => left.extend(found),
                Err(_) if newest_gone.is_some_and(|newest| number < *newest) => {
                    files::remove(&self.path(number))?;
                }
                Err(_) => is_any_unread = true,
            }
        }
        if is_any_unread { Ok(()) } else { self.shelf.sweep(left.iter().map(Numbered::variables)) }
    }

    fn path(&self, number: u64) -> PathBuf {
        self.folder.join(format!("{number}.json"))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde::Deserialize;

    use super::*;

    #[derive(Serialize, Deserialize, Debug, PartialEq)]
    struct Note {
        number: u64,
        variables: KeptVariables,
    }

    impl Numbered for Note {
        fn number(&self) -> u64 {
            self.number
        }

        fn variables(&self) -> &KeptVariables {
            &self.variables
        }
    }

    fn records(folder: &Path) -> Records {
        Records::new(folder.join("records"), Shelf::new(folder.join("values")))
    }

    fn add(records: &Records, number: u64) -> Note {
        let value = number.to_string().repeat(5_000);
        let variables = [("BIG".to_owned(), value)].into();
        let variables = records.shelf().keep(number, &variables, None).expect("writable");
        let note = Note { number, variables };
        records.write(&note).expect("writable");
        note
    }

    #[test]
    fn numbers_are_in_order_and_none_is_used_twice() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let records = records(folder.path());
        assert_eq!(records.next_number().expect("readable"), 1);
        let notes = [2, 10, 9].map(|number| add(&records, number));
        assert_eq!(records.numbers().expect("readable"), [2, 9, 10]);
        assert_eq!(records.newest::<Note>().expect("readable").as_ref(), Some(&notes[1]));
        assert_eq!(records.load::<Note>(9).expect("readable").as_ref(), Some(&notes[2]));
        assert_eq!(records.load::<Note>(3).expect("readable"), None);
        files::write(&folder.path().join("records/11.json"), b"{}", 0o600).expect("written");
        assert_eq!(records.next_number().expect("readable"), 12, "what cannot be read has its number");
        assert_eq!(records.newest::<Note>().expect("readable").as_ref(), Some(&notes[1]));
        let all: Vec<u64> = records.all::<Note>().expect("readable").iter().map(|note| note.number).collect();
        assert_eq!(all, [10, 9, 2]);
    }

    #[test]
    fn no_value_goes_while_a_record_cannot_be_read() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let records = records(folder.path());
        for number in [1, 2, 3] {
            add(&records, number);
        }
        let third = folder.path().join("records/3.json");
        let text = files::read(&third).expect("readable").expect("there");
        files::write(&third, br#"{"form": "of a later version"}"#, 0o600).expect("written");
        records.forget::<Note>(&[1]).expect("removed");
        let values = || files::names(&folder.path().join("values")).expect("readable");
        assert_eq!(values(), ["1-0", "2-0", "3-0"]);
        files::write(&third, &text, 0o600).expect("written");
        records.forget::<Note>(&[]).expect("swept");
        assert_eq!(values(), ["2-0", "3-0"], "what nobody needs goes once all can be read");
    }

    #[test]
    fn a_record_that_cannot_be_read_does_not_keep_values_for_ever() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let records = records(folder.path());
        for number in [1, 2, 3, 4] {
            add(&records, number);
        }
        files::write(&folder.path().join("records/2.json"), b"{}", 0o600).expect("written");
        records.forget::<Note>(&[1]).expect("removed");
        assert_eq!(records.numbers().expect("readable"), [2, 3, 4], "it is newer than what goes");
        records.forget::<Note>(&[3]).expect("removed");
        assert_eq!(records.numbers().expect("readable"), [4]);
        assert_eq!(files::names(&folder.path().join("values")).expect("readable"), ["4-0"]);
    }
}

//! Lines of processes that wait for the same thing: first come, first served, whoever they are.
//!
//! A folder is a line. Whoever comes makes a file there under the next number and holds its lock as long as it stays
//! in line, what it waited for included; who dies lets go of its lock, and is out. So a line needs nobody who keeps it,
//! and holds nothing wrong after a kill at any moment.

use std::path::{Path, PathBuf};

use super::files;
use super::lock::{self, Lock};
use crate::model::{Fault, Outcome};

/// The file whose lock is held while somebody joins a line.
const DOOR: &str = "door";

/// A place in a line, left when this is dropped or its process dies.
#[derive(Debug)]
pub struct Place {
    // Dropped behind the file's removal: until then it counts.
    _held: Lock,
    line: PathBuf,
    number: u64,
}

impl Place {
    /// Joins the line behind all who stand there. `who` is what others read of this one.
    ///
    /// # Errors
    /// When the folder or a file in it cannot be written.
    pub fn join(line: &Path, who: &str) -> Outcome<Self> {
        let _door = Lock::take(&line.join(DOOR))?;
        let mut last = 0;
        for number in numbers(line)? {
            last = last.max(number);
            let path = file(line, number);
            // Nobody joins while we hold the door: a file without a holder is of a process that died.
            if lock::holder(&path)?.is_none() {
                files::remove(&path)?;
            }
        }
        let number = last + 1;
        let path = file(line, number);
        let mut held = Lock::try_take(&path)?
            .ok_or_else(|| Fault::new(format!("{} is taken, though nobody made it", path.display())))?;
        held.say(who)?;
        Ok(Place { _held: held, line: line.to_owned(), number })
    }

    /// Those before this one, the first first, as they called themselves.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn before(&self) -> Outcome<Vec<String>> {
        standing(&self.line, self.number)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // One that stays is removed by the next who joins.
        let _ = files::remove(&file(&self.line, self.number));
    }
}

/// All who stand in a line, the first first, as they called themselves. There need not be such a line.
///
/// # Errors
/// When the folder cannot be read.
pub fn all(line: &Path) -> Outcome<Vec<String>> {
    standing(line, u64::MAX)
}

fn standing(line: &Path, before: u64) -> Outcome<Vec<String>> {
    let mut found = Vec::new();
    for number in numbers(line)?.into_iter().filter(|number| *number < before) {
        // It may be gone by now.
        found.extend(lock::holder(&file(line, number)).ok().flatten());
    }
    Ok(found)
}

fn numbers(line: &Path) -> Outcome<Vec<u64>> {
    let mut numbers: Vec<u64> = files::names(line)?.iter().filter_map(|name| name.parse().ok()).collect();
    numbers.sort_unstable();
    Ok(numbers)
}

fn file(line: &Path, number: u64) -> PathBuf {
    line.join(format!("{number:08}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_first_is_before_all_others_until_it_leaves() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let line = folder.path().join("line");
        assert!(all(&line).expect("readable").is_empty(), "nobody ever came");
        let [first, second, third] = ["a", "b", "c"].map(|who| Place::join(&line, who).expect("writable"));
        assert!(first.before().expect("readable").is_empty());
        assert_eq!(third.before().expect("readable"), ["a", "b"]);
        drop(second);
        assert_eq!(third.before().expect("readable"), ["a"]);
        drop(first);
        let fourth = Place::join(&line, "d").expect("writable");
        assert_eq!(fourth.before().expect("readable"), ["c"], "who comes later never comes before");
        assert!(third.before().expect("readable").is_empty());
        drop((third, fourth));
        assert_eq!(files::names(&line).expect("readable"), [DOOR], "nothing is left");
    }

    #[test]
    fn who_died_is_out_of_line_and_swept() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let line = folder.path();
        // What a kill leaves: a file whose lock nobody holds.
        files::write(&file(line, 7), b"dead", 0o644).expect("writable");
        assert!(all(line).expect("readable").is_empty());
        let next = Place::join(line, "next").expect("writable");
        assert!(next.before().expect("readable").is_empty());
        assert!(!files::exists(&file(line, 7)));
        assert_eq!(all(line).expect("readable"), ["next"]);
    }

    #[test]
    fn many_at_once_get_a_place_each() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let line = folder.path();
        let places: Vec<Place> = std::thread::scope(|scope| {
            let join = |number: usize| {
                scope.spawn(move || Place::join(line, &number.to_string()).expect("writable"))
            };
            let joining: Vec<_> = (0..16).map(join).collect();
            joining.into_iter().map(|one| one.join().expect("no panic")).collect()
        });
        let mut before: Vec<usize> =
            places.iter().map(|place| place.before().expect("readable").len()).collect();
        before.sort_unstable();
        assert_eq!(before, (0..16).collect::<Vec<_>>());
    }
}

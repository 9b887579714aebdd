//! What waits to be removed: containers that were replaced, and their images, as `APP ID EPOCH` lines
//! (contract: layout.md section 4.1, dead-containers and dead-images).

use std::path::PathBuf;

use super::Layout;
use crate::model::{AppName, Outcome};
use crate::platform::{files, lock};

/// What waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retired {
    /// A container.
    Container,
    /// An image, its id without `sha256:`.
    Image,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its app.
    pub app: AppName,
    /// Its id.
    pub id: String,
    /// When it may go, in seconds of the epoch.
    pub since: i64,
}

impl Retired {
    fn path(self, layout: &Layout) -> PathBuf {
        layout.data("scheduler-docker-local").join(match self {
            Retired::Container => "dead-containers",
            Retired::Image => "dead-images",
        })
    }

    fn locked(layout: &Layout) -> Outcome<lock::Lock> {
        lock::Lock::take(&layout.data("locks").join("retired.lock"))
    }

    /// All that wait, in their order.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn all(self, layout: &Layout) -> Outcome<Vec<Waiting>> {
        let text = files::read_text(&self.path(layout))?.unwrap_or_default();
        Ok(text.lines().filter_map(line).collect())
    }

    /// True when the time of one has come; what cannot be read is not due.
    pub fn is_due(self, layout: &Layout, now: i64) -> bool {
        self.all(layout).is_ok_and(|all| all.iter().any(|one| one.since <= now))
    }

    /// Remembers one. One that waits already keeps its time.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn register(self, layout: &Layout, waiting: Waiting) -> Outcome {
        let _lock = Self::locked(layout)?;
        let mut all = self.all(layout)?;
        if all.iter().any(|one| one.id == waiting.id) {
            return Ok(());
        }
        all.push(waiting);
        self.write(layout, &all)
    }

    /// Forgets one.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn forget(self, layout: &Layout, id: &str) -> Outcome {
        let _lock = Self::locked(layout)?;
        let before = self.all(layout)?;
        let after: Vec<Waiting> = before.iter().filter(|one| one.id != id).cloned().collect();
        if after == before { Ok(()) } else { self.write(layout, &after) }
    }

    fn write(self, layout: &Layout, all: &[Waiting]) -> Outcome {
        let text: String = all.iter().map(|one| format!("{} {} {}\n", one.app, one.id, one.since)).collect();
        files::write(&self.path(layout), text.as_bytes(), 0o644)
    }
}

fn line(text: &str) -> Option<Waiting> {
    let mut words = text.split_whitespace();
    let (app, id, since) = (words.next()?, words.next()?, words.next()?);
    Some(Waiting { app: app.parse().ok()?, id: id.to_owned(), since: since.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_waits_keeps_its_time_until_it_is_forgotten() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::below(folder.path());
        let waiting =
            |id: &str, since| Waiting { app: "shop".parse().expect("a name"), id: id.to_owned(), since };
        for one in [waiting("a", 5), waiting("b", 6), waiting("a", 9)] {
            Retired::Container.register(&layout, one).expect("writable");
        }
        let all = Retired::Container.all(&layout).expect("readable");
        assert_eq!(all, [waiting("a", 5), waiting("b", 6)]);
        assert!(Retired::Image.all(&layout).expect("readable").is_empty());
        Retired::Container.forget(&layout, "a").expect("writable");
        Retired::Container.forget(&layout, "c").expect("nothing to forget");
        assert_eq!(Retired::Container.all(&layout).expect("readable"), [waiting("b", 6)]);
    }
}

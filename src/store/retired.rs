//! What waits to be removed: containers that were replaced, and their images, as `APP ID EPOCH` lines
//! (contract: layout.md section 4.1, dead-containers and dead-images).

use std::path::PathBuf;

use super::Layout;
use crate::model::{AppName, Outcome};
use crate::platform::{files, lock};

/// Whose data the lists are, and a folder for each app.
const PLUGIN: &str = "scheduler-docker-local";

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

impl Waiting {
    fn line(&self) -> String {
        format!("{} {} {}\n", self.app, self.id, self.since)
    }
}

impl Retired {
    fn word(self) -> &'static str {
        match self {
            Retired::Container => "dead-containers",
            Retired::Image => "dead-images",
        }
    }

    /// Where Dokku has it.
    fn usual(self, layout: &Layout) -> PathBuf {
        layout.data(PLUGIN).join(self.word())
    }

    /// Where it is while an app of that name has its folder in the usual place.
    fn beside(self, layout: &Layout) -> PathBuf {
        layout.data("appliance").join(self.word())
    }

    fn locked(layout: &Layout) -> Outcome<lock::Lock> {
        lock::Lock::take(&layout.data("locks").join("retired.lock"))
    }

    /// All that wait, in their order.
    ///
    /// # Errors
    /// When a file is there and cannot be read.
    pub fn all(self, layout: &Layout) -> Outcome<Vec<Waiting>> {
        let mut all: Vec<Waiting> = Vec::new();
        for path in [self.usual(layout), self.beside(layout)] {
            if files::is_folder(&path) {
                continue;
            }
            let text = files::read_text(&path)?.unwrap_or_default();
            for one in text.lines().filter_map(line) {
                if !all.iter().any(|known| known.id == one.id) {
                    all.push(one);
                }
            }
        }
        Ok(all)
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
        let text: String = all.iter().map(Waiting::line).collect();
        let (usual, beside) = (self.usual(layout), self.beside(layout));
        if files::is_folder(&usual) {
            return files::write(&beside, text.as_bytes(), 0o644);
        }
        files::write(&usual, text.as_bytes(), 0o644)?;
        files::remove(&beside).map(drop)
    }

    /// Leaves the usual place to the folder of an app.
    fn give_way(self, layout: &Layout) -> Outcome {
        let usual = self.usual(layout);
        if files::is_file(&usual) {
            let all = self.all(layout)?;
            let text: String = all.iter().map(Waiting::line).collect();
            files::write(&self.beside(layout), text.as_bytes(), 0o644)?;
            files::remove(&usual)?;
        }
        Ok(())
    }
}

/// Makes the scheduler's folder of an app, also where its name is that of a list of what waits.
///
/// # Errors
/// When the folder cannot be made, or the list not be moved.
pub fn make_folder(layout: &Layout, app: &AppName) -> Outcome {
    let _lock = Retired::locked(layout)?;
    for list in [Retired::Container, Retired::Image] {
        if list.word() == app.as_str() {
            list.give_way(layout)?;
        }
    }
    files::create_folders(&layout.app_data(PLUGIN, app), 0o755)
}

/// Removes it, with all in it.
///
/// # Errors
/// When something in it cannot be removed.
pub fn remove_folder(layout: &Layout, app: &AppName) -> Outcome {
    let folder = layout.app_data(PLUGIN, app);
    if files::is_folder(&folder) { files::remove_folder(&folder) } else { Ok(()) }
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

    #[test]
    fn an_app_may_be_called_as_a_list() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::below(folder.path());
        let waiting =
            |id: &str| Waiting { app: "shop".parse().expect("a name"), id: id.to_owned(), since: 5 };
        let ids = || {
            let all = Retired::Container.all(&layout).expect("readable");
            all.into_iter().map(|one| one.id).collect::<Vec<_>>().join(" ")
        };
        let usual = layout.data(PLUGIN).join("dead-containers");
        let app: AppName = "dead-containers".parse().expect("a name");
        Retired::Container.register(&layout, waiting("a")).expect("writable");
        assert!(files::is_file(&usual), "where Dokku looks for it");
        make_folder(&layout, &app).expect("made");
        files::write(&usual.join("CHECKS"), b"/ ok", 0o644).expect("writable");
        Retired::Container.register(&layout, waiting("b")).expect("writable");
        assert_eq!(ids(), "a b");
        assert!(Retired::Container.is_due(&layout, 5));
        remove_folder(&layout, &app).expect("removed");
        Retired::Container.register(&layout, waiting("c")).expect("writable");
        assert_eq!(ids(), "a b c");
        assert!(files::is_file(&usual), "back where Dokku looks for it");
        remove_folder(&layout, &app).expect("nothing of an app's");
        Retired::Container.forget(&layout, "a").expect("writable");
        assert_eq!(ids(), "b c");
    }
}

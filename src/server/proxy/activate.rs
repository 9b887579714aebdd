//! From the files in apps' folders to what nginx runs: read, test, put in place, reload, and back again
//! when nginx does not take it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use tracing::warn;

use super::kept;
use super::places::ProxyPlaces;
use super::prepare::at_work;
use crate::model::{AppName, Fault, Outcome};
use crate::platform::files;
use crate::platform::nginx::{Contained, Part, Set, Words, contained};
use crate::store::apps;

/// How an app's configuration changes: in both contexts of nginx, or in none.
#[derive(Clone, Debug, Default)]
struct Change(Vec<Half>);

/// The change in one context.
#[derive(Clone, Debug)]
struct Half {
    part: Part,
    /// What is to be at work; `None` for nothing.
    new: Option<Contained>,
    /// What is.
    old: Option<String>,
}

impl Half {
    fn is_change(&self) -> bool {
        self.new.as_ref().map(|new| &new.text) != self.old.as_ref()
    }
}

impl Change {
    /// The halves in which something changes.
    fn changed(&self) -> impl Iterator<Item = &Half> {
        self.0.iter().filter(|half| half.is_change())
    }

    /// What is to be at work, context by context.
    fn wanted(&self) -> impl Iterator<Item = (Part, &Contained)> {
        self.0.iter().filter_map(|half| Some((half.part, half.new.as_ref()?)))
    }
}

/// One attempt to change what nginx runs, for some apps.
pub struct Activation<'a> {
    places: &'a ProxyPlaces,
    changes: BTreeMap<AppName, Change>,
    /// Apps that are not changed, each with the reason.
    pub refused: BTreeMap<AppName, Fault>,
}

impl<'a> Activation<'a> {
    /// Reads what these apps' folders say.
    pub fn read(places: &'a ProxyPlaces, apps: impl IntoIterator<Item = AppName>) -> Self {
        let mut activation = Activation { places, changes: BTreeMap::new(), refused: BTreeMap::new() };
        for app in apps {
            match read(places, &app) {
                Ok(change) => drop(activation.changes.insert(app, change)),
                Err(fault) => drop(activation.refused.insert(app.clone(), refusal(&app, &fault.message))),
            }
        }
        activation.changes.retain(|_, change| change.changed().next().is_some());
        activation
    }

    /// True when nginx runs already what the folders say.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// True when nginx takes the changes beside the appliance's own configuration, without the other apps: a matter of
    /// milliseconds, however many these are. Neither answer is the last word. An app may name what another's file brings;
    /// and what two of them cannot both have shows only when nginx reads both.
    ///
    /// # Errors
    /// When nginx cannot be run.
    pub async fn stands_alone(&self) -> Outcome<bool> {
        self.write_candidates()?;
        let words = self.places.nginx.test(&self.candidates_of_all()).await?;
        for app in self.changes.keys() {
            self.remove_candidates(app)?;
        }
        Ok(words.is_none())
    }

    /// Tests the changes together with all that is at work. What nginx refuses is taken out, alone.
    ///
    /// # Errors
    /// When nginx cannot be run, or refuses what is at work already for a reason that no app is to blame for.
    pub async fn test(&mut self) -> Outcome {
        self.write_candidates()?;
        // Each round takes out at least one configuration, so the loop ends.
        while let Some(words) = self.places.nginx.test(&self.set()?).await? {
            let culprit = match self.named(&words) {
                Some(app) => app,
                None => self.find(&words).await?,
            };
            self.take_out(&culprit, &words)?;
        }
        for app in self.changes.keys() {
            self.remove_candidates(app)?;
        }
        Ok(())
    }

    /// All configurations as they would be.
    fn set(&self) -> Outcome<Set> {
        let mut set = Set::default();
        for part in Part::ALL {
            let at_work = at_work(self.places, part)?.into_iter();
            for app in at_work.filter(|app| !self.changes.contains_key(app)) {
                set.add(part, self.places.active(part, &app));
            }
        }
        // Of two that cannot both be, nginx names the second: those that are changed come last.
        Ok(Set::of(&[set, self.candidates_of_all()]))
    }

    fn candidates_of_all(&self) -> Set {
        let mut set = Set::default();
        for (app, change) in &self.changes {
            for (part, _) in change.wanted() {
                set.add(part, self.places.candidate(part, app));
            }
        }
        set
    }

    fn write_candidates(&self) -> Outcome {
        for (app, change) in &self.changes {
            for (part, new) in change.wanted() {
                self.write_files(app, new)?;
                files::write_as_root(&self.places.candidate(part, app), new.text.as_bytes(), 0o644)?;
            }
        }
        Ok(())
    }

    fn candidates(&self, app: &AppName) -> [PathBuf; 2] {
        Part::ALL.map(|part| self.places.candidate(part, app))
    }

    fn remove_candidates(&self, app: &AppName) -> Outcome {
        for path in self.candidates(app) {
            files::remove(&path)?;
        }
        Ok(())
    }

    /// The app whose configuration nginx names.
    fn named(&self, words: &Words) -> Option<AppName> {
        let file = words.file.as_deref()?;
        let app: AppName = file.file_stem()?.to_str()?.parse().ok()?;
        let is_its =
            |part| file == self.places.candidate(part, &app) || file == self.places.active(part, &app);
        Part::ALL.into_iter().any(is_its).then_some(app)
    }

    /// The first change without which the rest is taken; for words that name no file.
    async fn find(&self, words: &Words) -> Outcome<AppName> {
        for app in self.changes.keys() {
            let mut without = self.set()?;
            without.remove(&self.candidates(app));
            if self.places.nginx.test(&without).await?.is_none() {
                return Ok(app.clone());
            }
        }
        Err(Fault::new(format!("nginx refuses its configuration: {}", words.text))
            .hint("no app's configuration is to blame: look at what stands in /etc/nginx"))
    }

    /// Takes a change out; a configuration that is at work and can no longer be read is put aside, since it would
    /// keep all others from theirs.
    fn take_out(&mut self, app: &AppName, words: &Words) -> Outcome {
        let Some(change) = self.changes.remove(app) else { return put_aside(self.places, app, words) };
        self.remove_candidates(app)?;
        let named = |part: &Part| words.file.as_deref() == Some(&self.places.candidate(*part, app));
        let text = change.wanted().find(|(part, _)| named(part)).map_or("", |(_, new)| new.text.as_str());
        self.refused.insert(app.clone(), refusal(app, &explained(words, text)));
        Ok(())
    }

    /// Puts the changes in place of what was there, which is kept beside them until [`Self::confirm`]: should all of us
    /// be killed before nginx has taken them, the next start undoes them.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn put_in_place(&self) -> Outcome {
        for (app, half) in self.halves() {
            let path = self.places.active(half.part, app);
            kept::keep(&path)?;
            match &half.new {
                Some(new) => files::write_as_root(&path, new.text.as_bytes(), 0o644)?,
                None => drop(files::remove(&path)?),
            }
        }
        Ok(())
    }

    /// Puts back what was there before.
    ///
    /// # Errors
    /// When a file cannot be renamed or removed.
    pub fn put_back(&self) -> Outcome {
        for (app, half) in self.halves() {
            kept::put_back(&self.places.active(half.part, app))?;
        }
        Ok(())
    }

    /// nginx has taken the changes: what was there before goes, and files that no configuration at work names.
    ///
    /// # Errors
    /// When one cannot be removed.
    pub fn confirm(&self) -> Outcome {
        for (app, half) in self.halves() {
            kept::forget(&self.places.active(half.part, app))?;
        }
        self.clean_up()
    }

    fn halves(&self) -> impl Iterator<Item = (&AppName, &Half)> {
        self.changes.iter().flat_map(|(app, change)| change.changed().map(move |half| (app, half)))
    }

    /// Removes files that no configuration at work names.
    fn clean_up(&self) -> Outcome {
        for (app, change) in &self.changes {
            let folder = self.places.active_files(app);
            if change.wanted().next().is_none() {
                files::remove_folder(&folder)?;
                continue;
            }
            let is_named = |name: &String| change.wanted().any(|(_, new)| new.files.contains_key(name));
            for name in files::names(&folder)?.iter().filter(|name| !is_named(name)) {
                files::remove(&folder.join(name))?;
            }
        }
        Ok(())
    }

    /// The apps that are changed.
    pub fn apps(&self) -> Vec<AppName> {
        self.changes.keys().cloned().collect()
    }

    fn write_files(&self, app: &AppName, new: &Contained) -> Outcome {
        let folder = self.places.active_files(app);
        for (name, bytes) in &new.files {
            let path = folder.join(name);
            if !files::exists(&path) {
                files::write_as_root(&path, bytes, 0o600)?;
            }
        }
        Ok(())
    }
}

fn read(places: &ProxyPlaces, app: &AppName) -> Outcome<Change> {
    let mut change = Change::default();
    for part in Part::ALL {
        let old = files::read_text(&places.active(part, app))?;
        let text = if apps::exists(&places.layout, app) {
            files::read_text(&places.wanted(part, app))?
        } else {
            None
        };
        let new =
            text.map(|text| contained(&text, &places.active_files(app), places.prefix())).transpose()?;
        change.0.push(Half { part, new, old });
    }
    Ok(change)
}

/// Puts a configuration aside that is at work: the file that nginx names.
///
/// # Errors
/// When it cannot be renamed.
pub fn put_aside(places: &ProxyPlaces, app: &AppName, words: &Words) -> Outcome {
    warn!(
        app = app.as_str(),
        "nginx can no longer read the configuration at work, it is put aside: {}", words.text
    );
    let is_named = |path: &PathBuf| words.file.as_ref() == Some(path);
    let path = Part::ALL.map(|part| places.active(part, app)).into_iter().find(is_named);
    match path {
        Some(path) => files::rename(&path, &path.with_extension("conf.refused")),
        None => Ok(()),
    }
}

fn refusal(app: &AppName, why: &str) -> Fault {
    Fault::new(format!("nginx refuses the configuration of {app}: {why}"))
        .hint(format!("it goes on with the one before; mend {app}'s settings or nginx.conf.d and run proxy:build-config {app}"))
}

/// nginx's words, and the line they are about: included snippets stand in place, so its number says little.
fn explained(words: &Words, text: &str) -> String {
    let number = words.text.rsplit_once(':').and_then(|(_, number)| number.parse::<usize>().ok());
    let line = number.and_then(|number| text.lines().nth(number.checked_sub(1)?)).map(str::trim);
    let reason = words.text.rsplit_once(" in /").map_or(words.text.as_str(), |(reason, _)| reason);
    match line {
        Some(line) if !line.is_empty() => format!("{reason} (at `{line}`)"),
        Some(_) | None => reason.to_owned(),
    }
}

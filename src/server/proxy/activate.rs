//! From the files in apps' folders to what nginx runs: read, test, put in place, reload, and back again
//! when nginx does not take it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tracing::warn;

use super::places::ProxyPlaces;
use crate::model::{AppName, Fault, Outcome};
use crate::platform::files;
use crate::platform::nginx::{Contained, Set, Words, contained};
use crate::store::apps;

/// How an app's configuration changes.
#[derive(Clone, Debug)]
struct Change {
    /// What is to be at work; `None` for nothing.
    new: Option<Contained>,
    /// What is.
    old: Option<String>,
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
        activation
            .changes
            .retain(|_, change| change.new.as_ref().map(|new| &new.text) != change.old.as_ref());
        activation
    }

    /// True when nginx runs already what the folders say.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Tests the changes together with all that is at work. What nginx refuses is taken out, alone.
    ///
    /// # Errors
    /// When nginx cannot be run, or refuses what is at work already for a reason that no app is to blame for.
    pub async fn test(&mut self) -> Outcome {
        for (app, change) in &self.changes {
            if let Some(new) = &change.new {
                self.write_files(app, new)?;
                files::write_as_root(&self.places.candidate(app), new.text.as_bytes(), 0o644)?;
            }
        }
        // Each round takes out at least one configuration, so the loop ends.
        while let Some(words) = self.places.nginx.test(&self.set()?).await? {
            let culprit = match self.named(&words) {
                Some(app) => app,
                None => self.find(&words).await?,
            };
            self.take_out(&culprit, &words)?;
        }
        for app in self.changes.keys() {
            files::remove(&self.places.candidate(app))?;
        }
        Ok(())
    }

    /// All configurations as they would be.
    fn set(&self) -> Outcome<Set> {
        let mut all: Vec<PathBuf> = files::names(&self.places.nginx.active)?
            .iter()
            .filter_map(|name| name.strip_suffix(".conf")?.parse::<AppName>().ok())
            .filter(|app| !self.changes.contains_key(app))
            .map(|app| self.places.active(&app))
            .collect();
        let changed = self.changes.iter().filter(|(_, change)| change.new.is_some());
        all.extend(changed.map(|(app, _)| self.places.candidate(app)));
        Ok(Set { files: all })
    }

    /// The app whose configuration nginx names.
    fn named(&self, words: &Words) -> Option<AppName> {
        let file = words.file.as_deref()?;
        let app: AppName = file.file_stem()?.to_str()?.parse().ok()?;
        let is_its = file == self.places.candidate(&app) || file == self.places.active(&app);
        is_its.then_some(app)
    }

    /// The first change without which the rest is taken; for words that name no file.
    async fn find(&self, words: &Words) -> Outcome<AppName> {
        for app in self.changes.keys() {
            let own = self.places.candidate(app);
            let mut without = self.set()?;
            without.files.retain(|path| *path != own);
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
        let text = self.changes.remove(app).and_then(|change| change.new).map(|new| new.text);
        if let Some(text) = text {
            files::remove(&self.places.candidate(app))?;
            self.refused.insert(app.clone(), refusal(app, &explained(words, &text)));
            return Ok(());
        }
        put_aside(self.places, app, words)
    }

    /// Puts the changes in place of what was there.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn put_in_place(&self) -> Outcome {
        for (app, change) in &self.changes {
            match &change.new {
                Some(new) => files::write_as_root(&self.places.active(app), new.text.as_bytes(), 0o644)?,
                None => drop(files::remove(&self.places.active(app))?),
            }
        }
        Ok(())
    }

    /// Puts back what was there before.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn put_back(&self) -> Outcome {
        for (app, change) in &self.changes {
            match &change.old {
                Some(text) => files::write_as_root(&self.places.active(app), text.as_bytes(), 0o644)?,
                None => drop(files::remove(&self.places.active(app))?),
            }
        }
        Ok(())
    }

    /// Removes files that no configuration at work names.
    ///
    /// # Errors
    /// When one cannot be removed.
    pub fn clean_up(&self) -> Outcome {
        for (app, change) in &self.changes {
            let folder = self.places.active_files(app);
            let Some(new) = &change.new else {
                files::remove_folder(&folder)?;
                continue;
            };
            for name in files::names(&folder)?.iter().filter(|name| !new.files.contains_key(*name)) {
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
    let old = files::read_text(&places.active(app))?;
    let text = if apps::exists(&places.layout, app) {
        files::read_text(&places.layout.nginx_conf(app))?
    } else {
        None
    };
    let prefix = places.nginx.configuration.parent().unwrap_or(Path::new("/etc/nginx"));
    let new = text.map(|text| contained(&text, &places.active_files(app), prefix)).transpose()?;
    Ok(Change { new, old })
}

/// Puts a configuration aside that is at work.
///
/// # Errors
/// When it cannot be renamed.
pub fn put_aside(places: &ProxyPlaces, app: &AppName, words: &Words) -> Outcome {
    warn!(
        app = app.as_str(),
        "nginx can no longer read the configuration at work, it is put aside: {}", words.text
    );
    let path = places.active(app);
    files::rename(&path, &path.with_extension("conf.refused"))
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

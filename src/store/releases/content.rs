//! What a release consists of.

use std::collections::BTreeMap;

use crate::model::{AppName, Outcome, Scope};
use crate::platform::files;
use crate::store::attachments::Attachment;
use crate::store::variables::{self, Variables};
use crate::store::{Extracted, Layout, properties};

/// Properties by plugin and key, as they are stored.
pub type Settings = BTreeMap<String, BTreeMap<String, String>>;

/// All that is put back together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The id of the image.
    pub image: String,
    /// The app's own variables.
    pub variables: Variables,
    /// Scale, ports, checks and what else containers are made with.
    pub settings: Settings,
    /// Procfile, app.json and their like: the word of the file, and its text.
    pub files: BTreeMap<String, String>,
}

impl Content {
    /// As it is now, with this image.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn now(layout: &Layout, app: &AppName, image: &str) -> Outcome<Self> {
        let mut files = BTreeMap::new();
        for file in Extracted::ALL {
            if let Some(text) = files::read_text(&file.path(layout, app))? {
                files.insert(file.name().to_owned(), text);
            }
        }
        Ok(Content {
            image: image.to_owned(),
            variables: variables::own(layout, &Scope::from(app))?,
            settings: settings_now(layout, app)?,
            files,
        })
    }

    /// What is mounted. Lines that are no mounts are refused where containers are made.
    pub fn mounts(&self) -> Vec<Attachment> {
        let lines = self.settings.get("storage").and_then(|keys| keys.get("mounts"));
        let lines = lines.into_iter().flat_map(|text| text.lines());
        lines.filter_map(|line| serde_json::from_str(line).ok()).collect()
    }
}

/// Whose settings belong to a release; none stands for all keys of the plugin.
///
/// In: what decides how the release's containers are made and checked, and how they are reached by port. Out: what
/// is about the app's place rather than about its code: domains, certificates, networks, the proxy, restart policy.
const PARTS: [(&str, Option<&[&str]>); 8] = [
    ("apps", Some(&["deploy-source", "deploy-source-metadata"])),
    ("builder", Some(&["detected"])),
    ("checks", None),
    ("docker-options", None),
    ("ports", Some(&["map", "map-detected"])),
    ("ps", Some(&["can-scale", "dockerfile-start-cmd", "scale", "start-cmd"])),
    ("resource", None),
    ("storage", Some(&["mounts"])),
];

/// The settings of a release, as they are now.
///
/// # Errors
/// When one cannot be read.
pub fn settings_now(layout: &Layout, app: &AppName) -> Outcome<Settings> {
    let scope = Scope::from(app);
    let mut settings = Settings::new();
    for (plugin, keys) in PARTS {
        let keys = match keys {
            Some(keys) => keys.iter().map(|key| (*key).to_owned()).collect(),
            None => properties::keys(layout, plugin, &scope)?,
        };
        let mut found = BTreeMap::new();
        for key in keys {
            if let Some(value) = properties::get(layout, plugin, &scope, &key)? {
                found.insert(key, value);
            }
        }
        settings.insert(plugin.to_owned(), found);
    }
    Ok(settings)
}

/// True for a setting that holds at once, without a deploy: as such it belongs to the release that serves then.
pub fn is_live(plugin: &str, key: &str) -> bool {
    plugin == "checks" || (plugin == "ports" && key == "map")
}

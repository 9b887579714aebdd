//! What differs between two releases, in words that hold no value of a variable.

use std::collections::{BTreeMap, BTreeSet};

use super::Content;
use crate::store::kept_variables;

/// How the parts of a release are called, by plugin.
const NAMES: [(&str, &str); 6] = [
    ("builder", "builder"),
    ("checks", "checks"),
    ("docker-options", "docker options"),
    ("ps", "start command"),
    ("resource", "resources"),
    ("storage", "mounts"),
];

/// What is different in the later one, a line each. `hidden` is the variable that names the commit.
pub fn differences(before: &Content, after: &Content, hidden: Option<&str>) -> Vec<String> {
    let mut lines = Vec::new();
    let commit = |content: &Content| match content.commit(hidden) {
        "" => "unknown".to_owned(),
        commit => commit.get(..8).unwrap_or(commit).to_owned(),
    };
    if before.commit(hidden) != after.commit(hidden) {
        lines.push(format!("commit: {} -> {}", commit(before), commit(after)));
    }
    if before.image != after.image {
        lines.push(format!("image: {} -> {}", short(&before.image), short(&after.image)));
    }
    let changed: Vec<String> = kept_variables::changes(&before.variables, &after.variables)
        .iter()
        .filter(|change| Some(change.key.as_str()) != hidden)
        .map(ToString::to_string)
        .collect();
    if !changed.is_empty() {
        lines.push(format!("config: {}", changed.join(", ")));
    }
    for (part, plugin, keys) in [
        ("scale", "ps", &["scale"][..]),
        ("ports", "ports", &["map"][..]),
        ("detected ports", "ports", &["map-detected"][..]),
    ] {
        let (old, new) = (list(before, plugin, keys), list(after, plugin, keys));
        if old != new {
            lines.push(format!("{part}: {old} -> {new}"));
        }
    }
    for (plugin, part) in NAMES {
        let keys = changed_keys(before.settings.get(plugin), after.settings.get(plugin));
        if !keys.is_empty() {
            let told: Vec<String> = keys.iter().map(|key| told(key)).collect();
            lines.push(format!("{part}: {}", told.join(", ")));
        }
    }
    let files = changed_keys(Some(&before.files), Some(&after.files));
    if !files.is_empty() {
        lines.push(format!("files: {}", files.join(", ")));
    }
    lines
}

/// A setting's key as people read it: what holds for all process types names none, and all mounts are one setting.
fn told(key: &str) -> String {
    match key {
        "mounts" => "changed".to_owned(),
        _ => key.strip_prefix("_default_.").unwrap_or(key).replace('.', " "),
    }
}

/// What an image is called among people.
pub fn short(image: &str) -> &str {
    let id = image.trim_start_matches("sha256:");
    id.get(..12).unwrap_or(id)
}

impl Content {
    /// The commit; empty where it is not known. `hidden` is the variable that names it.
    pub fn commit(&self, hidden: Option<&str>) -> &str {
        hidden.and_then(|key| self.variables.get(key)).map_or("", String::as_str)
    }
}

/// The words of a list, or that there are none.
fn list(content: &Content, plugin: &str, keys: &[&str]) -> String {
    let settings = content.settings.get(plugin);
    let text = |key: &&str| settings.and_then(|settings| settings.get(*key)).map_or("", String::as_str);
    let words: Vec<&str> = keys.iter().map(text).flat_map(str::split_whitespace).collect();
    if words.is_empty() { "none".to_owned() } else { words.join(" ") }
}

/// The keys whose values differ, but for those that have a line of their own.
fn changed_keys(
    before: Option<&BTreeMap<String, String>>,
    after: Option<&BTreeMap<String, String>>,
) -> Vec<String> {
    let none = BTreeMap::new();
    let (before, after) = (before.unwrap_or(&none), after.unwrap_or(&none));
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let differs =
        |key: &&String| before.get(*key) != after.get(*key) && *key != "scale" && *key != "can-scale";
    keys.into_iter().filter(differs).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn each_part_has_a_line_and_no_value_is_told() {
        let before = Content {
            image: "sha256:0123456789abcdef".to_owned(),
            variables: map(&[("GIT_REV", "aaaaaaaaaa"), ("KEY", "secret")]),
            settings: [("ps".to_owned(), map(&[("scale", "web=1\n")]))].into(),
            files: map(&[("Procfile", "web: a")]),
        };
        let after = Content {
            image: "sha256:fedcba9876543210".to_owned(),
            variables: map(&[("GIT_REV", "bbbbbbbbbb"), ("KEY", "other"), ("NEW", "1")]),
            settings: [
                ("ps".to_owned(), map(&[("scale", "web=3\nworker=1\n"), ("start-cmd", "run")])),
                ("docker-options".to_owned(), map(&[("_default_.deploy", "--env=SECRET=1")])),
                ("ports".to_owned(), map(&[("map", "http:80:3000\n")])),
                ("storage".to_owned(), map(&[("mounts", "[]")])),
            ]
            .into(),
            files: map(&[("Procfile", "web: b"), ("app.json", "{}")]),
        };
        assert_eq!(
            differences(&before, &after, Some("GIT_REV")),
            [
                "commit: aaaaaaaa -> bbbbbbbb",
                "image: 0123456789ab -> fedcba987654",
                "config: KEY changed, NEW added",
                "scale: web=1 -> web=3 worker=1",
                "ports: none -> http:80:3000",
                "docker options: deploy",
                "start command: start-cmd",
                "mounts: changed",
                "files: Procfile, app.json",
            ]
        );
        assert!(differences(&before, &before, None).is_empty());
    }
}

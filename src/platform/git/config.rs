//! A repository's `config` file, as far as a server obeys it.

use std::path::Path;

use crate::model::{Fault, Outcome};
use crate::platform::files;

/// The values of a repository's own `config` file. Includes, system and user files are not read: a
/// push must not behave differently because of a file outside the volume.
#[derive(Debug, Default)]
pub(super) struct Config(Vec<(String, String)>);

impl Config {
    /// Reads `config` in the repository's folder; none there means all defaults.
    pub(super) fn read(git_folder: &Path) -> Outcome<Self> {
        Ok(Config::parse(&files::read_text(&git_folder.join("config"))?.unwrap_or_default()))
    }

    fn parse(text: &str) -> Self {
        let mut section = String::new();
        let mut values = Vec::new();
        for line in text.lines().map(str::trim) {
            if line.starts_with(['#', ';']) || line.is_empty() {
                continue;
            }
            if let Some((name, _)) = line.strip_prefix('[').and_then(|rest| rest.rsplit_once(']')) {
                section = name.trim().to_ascii_lowercase();
                continue;
            }
            let (key, value) = line.split_once('=').unwrap_or((line, "true"));
            values.push((format!("{section}.{}", key.trim().to_ascii_lowercase()), plain(value)));
        }
        Config(values)
    }

    /// The value of `section.key` (lower case), the last one where there are several.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// True when the key is set to one of git's words for yes.
    pub(super) fn is_true(&self, key: &str) -> bool {
        self.get(key).is_some_and(|value| {
            ["true", "yes", "on", "1"].iter().any(|word| value.eq_ignore_ascii_case(word))
        })
    }

    /// Which hash names the objects; refuses what this server cannot store.
    pub(super) fn hash(&self) -> Outcome<gix_hash::Kind> {
        if let Some(storage) = self.get("extensions.refstorage").filter(|value| *value != "files") {
            return Err(Fault::new(format!("the repository keeps its references in the format {storage}"))
                .hint("Only the files format is supported: git refs migrate --ref-format=files"));
        }
        match self.get("extensions.objectformat").unwrap_or("sha1") {
            "sha1" => Ok(gix_hash::Kind::Sha1),
            "sha256" => Ok(gix_hash::Kind::Sha256),
            other => Err(Fault::new(format!("the repository names its objects by {other}"))
                .hint("Supported object formats: sha1, sha256")),
        }
    }
}

/// The value as it is meant: quotes and backslashes taken away, a comment behind it left out.
fn plain(text: &str) -> String {
    let (mut value, mut is_quoted) = (String::new(), false);
    // Spaces at the end count only within quotes.
    let mut solid = 0;
    let mut letters = text.trim().chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => is_quoted = !is_quoted,
            ';' | '#' if !is_quoted => break,
            '\\' => value.extend(letters.next()),
            other => value.push(other),
        }
        if is_quoted || letter != ' ' {
            solid = value.len();
        }
    }
    value.truncate(solid);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_case_insensitive_and_the_last_value_wins() {
        let config =
            Config::parse("[Core]\n\tbare = true # yes\n[receive]\n DenyDeletes\n[core]\nbare=false\n");
        assert_eq!(config.get("core.bare"), Some("false"));
        assert!(config.is_true("receive.denydeletes"));
        assert!(!config.is_true("receive.denynonfastforwards"));
    }

    #[test]
    fn quotes_keep_what_would_be_a_comment() {
        let config = Config::parse("[remote \"origin\"]\n\turl = \"/a b#c;\\\"d\" ; rest\n");
        assert_eq!(config.get("remote \"origin\".url"), Some("/a b#c;\"d"));
    }

    #[test]
    fn unknown_formats_are_refused_by_name() {
        assert_eq!(
            Config::parse("[extensions]\nobjectFormat = sha256").hash().ok(),
            Some(gix_hash::Kind::Sha256)
        );
        let fault = Config::parse("[extensions]\nrefStorage = reftable").hash().expect_err("not supported");
        assert!(fault.message.contains("reftable"));
    }
}

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
            let value = value.split([';', '#']).next().unwrap_or_default().trim().trim_matches('"');
            values.push((format!("{section}.{}", key.trim().to_ascii_lowercase()), value.to_owned()));
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
    fn unknown_formats_are_refused_by_name() {
        assert_eq!(
            Config::parse("[extensions]\nobjectFormat = sha256").hash().ok(),
            Some(gix_hash::Kind::Sha256)
        );
        let fault = Config::parse("[extensions]\nrefStorage = reftable").hash().expect_err("not supported");
        assert!(fault.message.contains("reftable"));
    }
}

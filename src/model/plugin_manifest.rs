//! `plugin.toml`, as plugins bring it (contract: plugin-abi.md, section 11).

use semver::{Version, VersionReq};
use serde::Deserialize;
use toml::Table;

use super::{Context, Outcome};

/// What a plugin says of itself. Keys that nobody here knows are passed over.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct PluginManifest {
    /// The table `[plugin]`.
    pub plugin: PluginTable,
}

/// The table `[plugin]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct PluginTable {
    /// One line for people.
    pub description: String,
    /// Its version.
    pub version: String,
    /// The defaults of its settings, by key.
    pub config: Table,
    /// What it works with.
    pub compatible: Compatible,
    /// The program that is kept running for it, if it has one.
    pub daemon: Option<Daemon>,
    /// The image in whose containers its triggers run, if it has one.
    pub external: Option<InContainer>,
}

/// A plugin with a program that is kept running: the table `[plugin.daemon]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Daemon {
    /// The program, by its path in the plugin's folder.
    pub program: String,
    /// The triggers that are sent to it.
    pub triggers: Vec<String>,
}

/// A plugin whose triggers run in containers: the table `[plugin.external]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct InContainer {
    /// The image.
    pub image: String,
    /// The triggers that run in it.
    pub triggers: Vec<String>,
}

/// What a plugin works with: `compatible = { dokku = ">=0.30, <1" }`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Compatible {
    /// Versions of Dokku, separated by commas; empty for a plugin that does not say.
    pub dokku: String,
}

impl Compatible {
    /// True when it does not speak against that version.
    ///
    /// # Errors
    /// When one of the two cannot be read as versions are written.
    pub fn suits(&self, version: &str) -> Outcome<bool> {
        if self.dokku.is_empty() {
            return Ok(true);
        }
        let wanted = VersionReq::parse(&self.dokku)
            .context(|| format!("compatible.dokku of plugin.toml, \"{}\", cannot be read", self.dokku))?;
        let version = Version::parse(version).context(|| {
            format!("{version} is no version of Dokku: three numbers are needed, as in 0.38.27")
        })?;
        Ok(wanted.matches(&version))
    }
}

impl PluginManifest {
    /// Reads the text of a `plugin.toml`.
    ///
    /// # Errors
    /// When it is not TOML, or a value is of the wrong kind; says where.
    pub fn parse(text: &str) -> Outcome<Self> {
        toml::from_str(text).context(|| "plugin.toml cannot be read")
    }

    /// The settings that its programs find in their environment, as `CONFIG_<key>`. They come from, strongest
    /// first: the variable `<PLUGIN>_<key>`, the plugin's section of `config.toml`, the defaults. `lookup` reads
    /// a variable.
    pub fn settings(
        &self,
        name: &str,
        configured: Option<&Table>,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Vec<(String, String)> {
        let prefix = name.to_uppercase();
        let of = |key: &String, default: &toml::Value| {
            let chosen = configured.and_then(|table| table.get(key)).unwrap_or(default);
            lookup(&format!("{prefix}_{key}")).unwrap_or_else(|| text(chosen))
        };
        self.plugin.config.iter().map(|(key, default)| (format!("CONFIG_{key}"), of(key, default))).collect()
    }
}

fn text(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "[plugin]\ndescription = \"d\"\nversion = \"0.1.0\"\nfuture = 1\n[plugin.config]\nhost = \"a\"\nport = 80\n";

    #[test]
    fn a_plugin_says_with_which_versions_it_works() {
        let suits = |wanted: &str, version: &str| {
            let text = format!("[plugin]\ncompatible = {{ dokku = \"{wanted}\" }}\n");
            PluginManifest::parse(&text).unwrap().plugin.compatible.suits(version)
        };
        for (wanted, version, answer) in [
            ("", "0.38.27", true),
            (">=0.30", "0.38.27", true),
            (">=0.30", "0.29.9", false),
            (">=0.30, <1", "1.0.0", false),
            ("0.38", "0.38.27", true),
            ("0.38", "0.39.0", false),
            (">=99", "0.38.27", false),
        ] {
            assert_eq!(suits(wanted, version).unwrap(), answer, "{wanted} {version}");
        }
        assert!(suits("newest", "0.38.27").unwrap_err().message.contains("\"newest\", cannot be read"));
        assert!(suits(">=1", "0.38").unwrap_err().message.contains("three numbers"));
    }

    #[test]
    fn settings_come_from_the_strongest_place() {
        let manifest = PluginManifest::parse(TEXT).unwrap();
        assert_eq!((manifest.plugin.description.as_str(), manifest.plugin.version.as_str()), ("d", "0.1.0"));
        let configured: Table = toml::from_str("host = \"b\"\n").unwrap();
        let found =
            manifest.settings("my", Some(&configured), |key| (key == "MY_port").then(|| "81".to_owned()));
        let found: Vec<_> = found.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(found, [("CONFIG_host", "b"), ("CONFIG_port", "81")]);
    }

    #[test]
    fn what_is_no_toml_is_refused_and_an_empty_one_says_nothing() {
        assert!(PluginManifest::parse("[plugin").is_err());
        assert_eq!(PluginManifest::parse("").unwrap(), PluginManifest::default());
    }
}

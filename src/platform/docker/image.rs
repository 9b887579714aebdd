//! An image as the engine describes it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

use super::json;

/// One image, in full.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Image {
    /// Its id, `sha256:…`.
    pub id: String,
    /// Its names, tag included.
    #[serde(deserialize_with = "json::or_default")]
    pub repo_tags: Vec<String>,
    /// Its names at registries, `name@sha256:…`.
    #[serde(deserialize_with = "json::or_default")]
    pub repo_digests: Vec<String>,
    /// When it was built.
    #[serde(deserialize_with = "json::time")]
    pub created: Option<Timestamp>,
    /// Bytes, all layers.
    pub size: i64,
    /// `amd64`, `arm64`, …
    pub architecture: String,
    /// What containers of it are made of.
    #[serde(deserialize_with = "json::or_default")]
    pub config: ImageConfig,
}

impl Image {
    /// The value of a label.
    pub fn label(&self, key: &str) -> Option<&str> {
        self.config.labels.get(key).map(String::as_str)
    }
}

/// What containers of an image are made of.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[allow(missing_docs, reason = "the engine's own names")]
pub struct ImageConfig {
    #[serde(deserialize_with = "json::or_default")]
    pub user: String,
    #[serde(deserialize_with = "json::or_default")]
    pub working_dir: String,
    #[serde(deserialize_with = "json::or_default")]
    pub env: Vec<String>,
    #[serde(deserialize_with = "json::or_default")]
    pub cmd: Vec<String>,
    #[serde(deserialize_with = "json::or_default")]
    pub entrypoint: Vec<String>,
    #[serde(deserialize_with = "json::or_default")]
    pub labels: BTreeMap<String, String>,
    /// `PORT/PROTOCOL`.
    #[serde(deserialize_with = "json::keys")]
    pub exposed_ports: Vec<String>,
    #[serde(deserialize_with = "json::keys")]
    pub volumes: Vec<String>,
    #[serde(deserialize_with = "json::or_default")]
    pub stop_signal: String,
}

/// A step in the making of an image.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Layer {
    /// When, seconds of the epoch.
    pub created: i64,
    /// By which command.
    pub created_by: String,
    /// Bytes that it added.
    pub size: i64,
}

/// An image in a list.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ImageSummary {
    /// Its id, `sha256:…`.
    pub id: String,
    /// Its names, tag included; none for a dangling one.
    #[serde(deserialize_with = "named")]
    pub repo_tags: Vec<String>,
    /// The image it was made from by a commit; empty for a built one.
    pub parent_id: String,
    /// Its labels.
    #[serde(deserialize_with = "json::or_default")]
    pub labels: BTreeMap<String, String>,
    /// When it was built, seconds of the epoch.
    pub created: i64,
    /// Bytes, all layers.
    pub size: i64,
}

/// Engines before API 1.43 name a dangling image `<none>:<none>`.
fn named<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let mut tags = Option::<Vec<String>>::deserialize(from)?.unwrap_or_default();
    tags.retain(|tag| tag != "<none>:<none>");
    Ok(tags)
}

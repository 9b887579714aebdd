//! The record of a release.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Settings;
use crate::store::kept_variables::KeptVariables;

/// The form of a record. A later form must still be read by this version, or be left out by it.
pub const SCHEMA: u32 = 1;

/// One release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// The form of the record.
    pub schema: u32,
    /// Its number, from 1. No number is used twice.
    pub number: u64,
    /// When it went live, UTC.
    pub at: Timestamp,
    /// Who deployed it: the name of the SSH key, or the user of the system. Empty where that is not known.
    #[serde(default)]
    pub by: String,
    /// What started the deploy, as in the record of the build: `git-hook`, `config-redeploy`. `found` is what served
    /// before releases were recorded.
    pub source: String,
    /// The deploy, as its build record is named; empty for one that was found.
    #[serde(default)]
    pub build_id: String,
    /// The commit, where it is known.
    #[serde(default)]
    pub revision: String,
    /// The release that was returned to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rolled_back_to: Option<u64>,
    /// Why it gave its place back to the one before, if it did. It cannot be returned to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_back: Option<String>,
    /// What is different from the release before, in words: no values of variables.
    #[serde(default)]
    pub changes: Vec<String>,
    /// The id of the image.
    pub image: String,
    /// The app's own variables.
    pub variables: KeptVariables,
    /// Scale, ports, checks and what else containers are made with.
    pub settings: Settings,
    /// Procfile, app.json and their like.
    pub files: BTreeMap<String, String>,
}

impl Release {
    /// True while the app can return to it, as far as the record tells.
    pub fn is_kept(&self) -> bool {
        self.taken_back.is_none()
    }

    /// The first characters of the commit.
    pub fn short_revision(&self) -> &str {
        self.revision.get(..8).unwrap_or(&self.revision)
    }
}

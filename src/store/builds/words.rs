//! The words of a record.

use serde::{Deserialize, Serialize};

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A new image was made and deployed.
    Build,
    /// The image at hand was deployed again.
    Deploy,
}

/// How far it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It runs, unless its process is gone.
    Running,
    /// It ended well.
    Succeeded,
    /// It ended badly.
    Failed,
    /// Somebody stopped it.
    Canceled,
    /// It says it runs, but its process is gone. Shown, never stored.
    #[serde(skip_deserializing)]
    Abandoned,
}

/// What a build waits for in line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WaitsFor {
    /// That the deploys of the app that came before end.
    Turn,
    /// That fewer builds run, of all apps together.
    BuildSlot,
}

/// What started it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// A push.
    #[serde(rename = "git-hook")]
    GitHook,
    /// `ps:rebuild`.
    #[serde(rename = "ps:rebuild")]
    PsRebuild,
    /// `git:sync`.
    #[serde(rename = "git:sync")]
    GitSync,
    /// `git:from-archive`.
    #[serde(rename = "git:from-archive")]
    GitFromArchive,
    /// `git:from-image`.
    #[serde(rename = "git:from-image")]
    GitFromImage,
    /// `git:load-image`.
    #[serde(rename = "git:load-image")]
    GitLoadImage,
    /// `ps:restart`.
    #[serde(rename = "ps:restart")]
    PsRestart,
    /// `ps:start`.
    #[serde(rename = "ps:start")]
    PsStart,
    /// `deploy`, and `ps:scale`.
    #[serde(rename = "deploy")]
    Deploy,
    /// `releases:rollback`. Not a word of Dokku's.
    #[serde(rename = "releases:rollback")]
    Rollback,
    /// `config:set` and its like.
    #[serde(rename = "config-redeploy")]
    ConfigRedeploy,
    /// Whatever a plugin named that is none of these.
    #[serde(rename = "unknown", other)]
    Unknown,
}

/// The words of a value that has one in JSON.
fn word(value: &impl Serialize) -> String {
    let json = serde_json::to_value(value).ok();
    json.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}

macro_rules! spelled_as_in_json {
    ($($name:ident)+) => { $(
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&word(self))
            }
        }
    )+ };
}
spelled_as_in_json!(Kind Status WaitsFor Source);

impl Source {
    /// The source of this word; `Unknown` for any other.
    pub fn from_word(text: &str) -> Self {
        serde_json::from_value(serde_json::Value::from(text)).unwrap_or(Source::Unknown)
    }

    /// Whether such a run makes an image or takes the one at hand.
    pub fn kind(self) -> Kind {
        match self {
            Source::GitHook
            | Source::PsRebuild
            | Source::GitSync
            | Source::GitFromArchive
            | Source::GitFromImage
            | Source::GitLoadImage => Kind::Build,
            Source::PsRestart
            | Source::PsStart
            | Source::Deploy
            | Source::ConfigRedeploy
            | Source::Rollback
            | Source::Unknown => Kind::Deploy,
        }
    }
}

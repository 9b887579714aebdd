//! The engine itself.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

use super::json;

/// The version of the engine's API, such as 1.41.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "major and minor number")]
pub struct ApiVersion {
    pub major: u32,
    pub minor: u32,
}

impl ApiVersion {
    /// The oldest API that has all we need: Docker 20.10.
    pub const OLDEST: ApiVersion = ApiVersion { major: 1, minor: 41 };
    /// The newest API that we know.
    pub const NEWEST: ApiVersion = ApiVersion { major: 1, minor: 53 };
}

impl FromStr for ApiVersion {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (major, minor) = text.trim().split_once('.').ok_or(())?;
        Ok(ApiVersion { major: major.parse().map_err(drop)?, minor: minor.parse().map_err(drop)? })
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// Which engine answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EngineVersion {
    /// The engine's version, such as `20.10.24`.
    pub engine: String,
    /// The API version in use: the newest that both sides know.
    pub api: ApiVersion,
    /// `linux`.
    pub os: String,
    /// `amd64`, `arm64`, …
    pub arch: String,
    /// The host's kernel.
    pub kernel: String,
}

/// What the engine says of itself and its host.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct EngineInfo {
    /// The engine's id, the same as long as its data lives.
    #[serde(rename = "ID")]
    pub id: String,
    /// The host's name.
    pub name: String,
    /// The engine's version.
    pub server_version: String,
    /// `Docker Desktop`, `Debian GNU/Linux 12 (bookworm)`, …
    pub operating_system: String,
    /// `linux`.
    #[serde(rename = "OSType")]
    pub os_type: String,
    /// `x86_64`, `aarch64`, …
    pub architecture: String,
    /// Processors.
    #[serde(rename = "NCPU")]
    pub processors: i64,
    /// Bytes.
    pub mem_total: i64,
    /// Where the host keeps the engine's data.
    pub docker_root_dir: String,
    /// The driver that keeps logs unless a container says otherwise.
    pub logging_driver: String,
    /// The storage driver.
    pub driver: String,
    /// Whether containers outlive the engine's restart.
    pub live_restore_enabled: bool,
    /// Notices such as `name=seccomp,profile=default`, `name=rootless`, `name=userns`.
    #[serde(deserialize_with = "json::or_default")]
    pub security_options: Vec<String>,
    /// What the engine warns of.
    #[serde(deserialize_with = "json::or_default")]
    pub warnings: Vec<String>,
}

/// What takes how much room, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct DiskUsage {
    pub images: Usage,
    pub containers: Usage,
    pub volumes: Usage,
    pub build_cache: Usage,
}

/// How many there are, and how many bytes they take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Usage {
    pub count: u64,
    pub bytes: u64,
}

/// One thing that takes room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiskItem {
    /// What it is.
    pub kind: DiskKind,
    /// By which name people know it; empty for the build cache, which is one.
    pub name: String,
    /// Bytes that nothing else shares.
    pub bytes: u64,
    /// Nothing that runs or is kept needs it.
    pub is_unused: bool,
    /// It bears Dokku's label.
    pub is_dokkus: bool,
    /// An image that lost its name to a newer one.
    pub is_nameless: bool,
}

/// What takes room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum DiskKind {
    Image,
    Container,
    Volume,
    BuildCache,
}

/// What `prune` removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Ids or names.
    pub removed: Vec<String>,
    /// Bytes that are free now.
    pub reclaimed: u64,
}

/// Something that happened at the engine.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Event {
    /// `container`, `network`, `image`, `daemon`, …
    #[serde(rename = "Type")]
    pub kind: String,
    /// `start`, `die`, `connect`, `health_status: healthy`, …
    #[serde(rename = "Action")]
    pub action: String,
    /// To whom.
    #[serde(rename = "Actor")]
    pub actor: Actor,
    /// When, nanoseconds of the epoch.
    #[serde(rename = "timeNano")]
    pub time: i64,
}

/// The thing something happened to.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Actor {
    /// Its id.
    #[serde(rename = "ID")]
    pub id: String,
    /// Its name, labels and what else the event tells: `name`, `image`, `exitCode`, `container`.
    #[serde(rename = "Attributes", deserialize_with = "json::or_default")]
    pub attributes: BTreeMap<String, String>,
}

//! What an image build shall be: the value behind every `docker build`.

use std::collections::BTreeMap;

use super::run_plan::Ulimit;

/// An image to build with BuildKit. The build context is handed over beside it; config variables are
/// not in here, since Dokku does not pass them to a Dockerfile build.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs, reason = "each field is the docker client's option of that name")]
pub struct BuildPlan {
    /// The names the image gets, tag included.
    pub tag: Vec<String>,
    pub label: BTreeMap<String, String>,
    /// A name without a value takes it from the environment of the caller, who must fill it in.
    pub build_arg: Vec<(String, Option<String>)>,
    pub target: Option<String>,
    /// Path of the Dockerfile in the context; `Dockerfile` without one.
    pub file: Option<String>,
    pub secret: Vec<BuildSecret>,
    pub ssh: Vec<BuildSsh>,
    pub cache_from: Vec<String>,
    /// True for `--cache-to type=inline`, the one export the engine's own builder has.
    pub inline_cache: bool,
    pub platform: Option<String>,
    /// `default`, `none` or `host`.
    pub network: Option<String>,
    pub add_host: Vec<String>,
    /// Bytes; likewise the two below.
    pub shm_size: Option<i64>,
    pub memory: Option<i64>,
    pub memory_swap: Option<i64>,
    pub ulimit: Vec<Ulimit>,
    pub cgroup_parent: Option<String>,
    pub pull: bool,
    pub no_cache: bool,
    /// Which earlier context the engine may compare this one with, so that only changed files
    /// travel: the app's name. Without one nothing is shared.
    pub context_key: Option<String>,
    /// Logins by registry host, for private base images.
    pub logins: BTreeMap<String, RegistryLogin>,
}

/// A secret a Dockerfile may mount.
#[derive(Clone, Debug, PartialEq)]
pub struct BuildSecret {
    /// The name the Dockerfile uses.
    pub id: String,
    /// Where its value comes from.
    pub source: SecretSource,
}

/// Where a secret's value comes from. It is read when the Dockerfile asks for it.
#[derive(Clone, Debug, PartialEq)]
pub enum SecretSource {
    /// A file the deploying user may read.
    File(String),
    /// A variable of the deploying command's environment.
    Env(String),
    /// The value itself.
    Value(Vec<u8>),
}

/// An ssh agent a Dockerfile may use.
#[derive(Clone, Debug, PartialEq)]
pub struct BuildSsh {
    /// The name the Dockerfile uses; `default` without one.
    pub id: String,
    /// The agent's socket; `SSH_AUTH_SOCK` without one.
    pub socket: Option<String>,
}

/// A login at a registry.
#[derive(Clone, Default, PartialEq)]
pub struct RegistryLogin {
    /// The user; empty with a token.
    pub username: String,
    /// The password.
    pub password: String,
    /// An identity token in place of a password.
    pub identity_token: String,
}

impl std::fmt::Debug for RegistryLogin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A password must not reach a log.
        f.debug_struct("RegistryLogin").field("username", &self.username).finish_non_exhaustive()
    }
}

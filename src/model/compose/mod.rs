//! A compose file with one service, as far as a container can be made of it without compose: plugins bring such
//! files in the place of ours for proxies and the log shipper.

mod parse;
mod plan;
mod text;

pub use parse::parse;

/// The service of a compose file. Fields are compose's keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "each field is the key of that name")]
pub struct Service {
    pub name: String,
    pub image: String,
    pub command: Vec<String>,
    /// As `docker run --publish` takes them.
    pub ports: Vec<String>,
    /// As `docker run --volume` takes them.
    pub volumes: Vec<String>,
    pub labels: Vec<(String, String)>,
    pub environment: Vec<(String, String)>,
    /// The first one is what it is made in; empty is the engine's default network.
    pub networks: Vec<String>,
    pub restart: Option<String>,
}

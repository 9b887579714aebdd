//! What is told of a network, in the words of Dokku (contract: output.md section 5).

use std::collections::BTreeMap;

use serde::Serialize;

use crate::kernel::{Ctx, Failure, Result};
use crate::platform::docker::{Filter, Network};

/// The label of networks that `network:create` made; its value is the network's name.
pub const LABEL: &str = "com.dokku.network-name";

/// A network, as the JSON forms print it: keys and their order are Dokku's.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Facts {
    created_at: String,
    /// Whether `network:create` made it.
    pub dokku_managed: bool,
    /// `bridge`, `overlay`, …
    pub driver: String,
    /// The first twelve characters of its id.
    #[serde(rename = "ID")]
    pub id: String,
    internal: bool,
    #[serde(rename = "IPv6")]
    has_ipv6: bool,
    labels: BTreeMap<String, String>,
    /// Its name.
    pub name: String,
    /// `local` or `swarm`.
    pub scope: String,
}

impl From<Network> for Facts {
    fn from(network: Network) -> Self {
        Facts {
            // What an engine does not tell is Go's zero time.
            created_at: network.created.map_or("0001-01-01T00:00:00Z".to_owned(), |time| time.to_string()),
            dokku_managed: network.labels.contains_key(LABEL),
            driver: network.driver,
            id: network.id.get(..12).unwrap_or(&network.id).to_owned(),
            internal: network.internal,
            has_ipv6: network.has_ipv6,
            labels: network.labels,
            name: network.name,
            scope: network.scope,
        }
    }
}

/// All networks of the engine, by name.
///
/// # Errors
/// When the engine cannot be asked.
pub async fn all(ctx: &Ctx) -> Result<Vec<Facts>> {
    let listed = ctx.platform.docker.list_networks(&Filter::all()).await?;
    let mut all: Vec<Facts> = listed.into_iter().map(Facts::from).collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(all)
}

/// The network of this very name.
///
/// # Errors
/// Without a name, or when there is no such network.
pub async fn require(ctx: &Ctx, name: &str) -> Result<Facts> {
    if name.is_empty() {
        return Err(Failure::user("No network name specified"));
    }
    let found = all(ctx).await?.into_iter().find(|network| network.name == name);
    found.ok_or_else(|| Failure::user("Network does not exist"))
}

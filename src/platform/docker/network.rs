//! Networks and volumes as the engine describes them, and as we ask for them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::json;

/// A container's place in a network. Texts are empty while the container does not run.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Endpoint {
    /// The network's id.
    #[serde(rename = "NetworkID")]
    pub network_id: String,
    /// The container's address.
    #[serde(rename = "IPAddress")]
    pub ip: String,
    /// Its IPv6 address.
    #[serde(rename = "GlobalIPv6Address")]
    pub ip6: String,
    /// The network's gateway.
    pub gateway: String,
    /// Names it is known by, beyond its own.
    #[serde(deserialize_with = "json::or_default")]
    pub aliases: Vec<String>,
    /// Its hardware address.
    pub mac_address: String,
}

/// A network.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Network {
    /// Its id, 64 characters.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `bridge`, `overlay`, …
    pub driver: String,
    /// `local` or `swarm`.
    pub scope: String,
    /// Without a way out.
    pub internal: bool,
    /// Whether containers may join an overlay network.
    pub attachable: bool,
    /// Its labels.
    #[serde(deserialize_with = "json::or_default")]
    pub labels: BTreeMap<String, String>,
    /// The driver's options.
    #[serde(deserialize_with = "json::or_default")]
    pub options: BTreeMap<String, String>,
    /// Its members by container id; empty in a list.
    #[serde(deserialize_with = "json::or_default")]
    pub containers: BTreeMap<String, NetworkMember>,
}

/// A member of a network.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct NetworkMember {
    /// The container's name.
    #[serde(rename = "Name")]
    pub name: String,
    /// Its address with the network's width, `172.18.0.2/16`.
    #[serde(rename = "IPv4Address")]
    pub address: String,
}

/// A network to make.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NetworkPlan {
    /// Its name.
    pub name: String,
    /// `bridge` without one.
    pub driver: Option<String>,
    /// Whether containers may join an overlay network.
    pub attachable: bool,
    /// Without a way out.
    pub internal: bool,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// The driver's options.
    pub options: BTreeMap<String, String>,
}

/// A volume.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Volume {
    /// Its name.
    pub name: String,
    /// `local` or another driver.
    pub driver: String,
    /// Where the host keeps it.
    pub mountpoint: String,
    /// Its labels.
    #[serde(deserialize_with = "json::or_default")]
    pub labels: BTreeMap<String, String>,
}

/// A volume to make.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VolumePlan {
    /// Its name.
    pub name: String,
    /// `local` without one.
    pub driver: Option<String>,
    /// The driver's options.
    pub options: BTreeMap<String, String>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
}

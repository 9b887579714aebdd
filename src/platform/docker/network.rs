//! Networks and volumes as the engine describes them, and as we ask for them.

use std::collections::BTreeMap;

use jiff::Timestamp;
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
    /// When it was made.
    #[serde(deserialize_with = "json::time")]
    pub created: Option<Timestamp>,
    /// With IPv6 addresses too.
    #[serde(rename = "EnableIPv6")]
    pub has_ipv6: bool,
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
    /// Its addresses.
    #[serde(rename = "IPAM")]
    pub ipam: Ipam,
    /// Its members by container id; empty in a list.
    #[serde(deserialize_with = "json::or_default")]
    pub containers: BTreeMap<String, NetworkMember>,
}

impl Network {
    /// Its subnets, as `172.18.0.0/16`.
    pub fn subnets(&self) -> impl Iterator<Item = &str> {
        self.ipam.config.iter().map(|pool| pool.subnet.as_str())
    }
}

/// The addresses that a network gives away.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Ipam {
    /// A line for each subnet.
    #[serde(deserialize_with = "json::or_default")]
    pub config: Vec<AddressPool>,
}

/// A subnet of a network.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AddressPool {
    /// As `172.18.0.0/16`.
    pub subnet: String,
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
    /// Its addresses, as `172.30.0.0/24`; the engine chooses without.
    pub subnet: Option<String>,
    /// Those of them that the engine gives away by itself.
    pub ip_range: Option<String>,
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

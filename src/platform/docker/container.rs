//! A container as the engine describes it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

use super::json;
use super::network::Endpoint;

/// One container, in full. Texts that do not apply are empty.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Container {
    /// Its id, 64 characters.
    pub id: String,
    /// Its name, without the slash that the engine puts in front.
    #[serde(deserialize_with = "without_slash")]
    pub name: String,
    /// The id of its image.
    #[serde(rename = "Image")]
    pub image_id: String,
    /// When it was made.
    #[serde(deserialize_with = "json::time")]
    pub created: Option<Timestamp>,
    /// Whether and since when it runs.
    pub state: ContainerState,
    /// How often the engine has started it again.
    pub restart_count: i64,
    /// What it was made of.
    pub config: ContainerConfig,
    /// What it may use of the host.
    pub host_config: HostConfig,
    /// What is mounted where.
    #[serde(deserialize_with = "json::or_default")]
    pub mounts: Vec<MountPoint>,
    /// Its networks and ports.
    pub network_settings: NetworkSettings,
}

impl Container {
    /// The networks it is in, by name.
    pub fn networks(&self) -> &BTreeMap<String, Endpoint> {
        &self.network_settings.networks
    }

    /// The ports it publishes, by `PORT/PROTOCOL`.
    pub fn ports(&self) -> &BTreeMap<String, Option<Vec<HostPort>>> {
        &self.network_settings.ports
    }

    /// The value of a label.
    pub fn label(&self, key: &str) -> Option<&str> {
        self.config.labels.get(key).map(String::as_str)
    }
}

/// Whether a container runs, and how it ended.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ContainerState {
    /// `created`, `running`, `paused`, `restarting`, `removing`, `exited`, `dead`.
    pub status: String,
    /// Runs; also while paused or restarting.
    pub running: bool,
    /// Stands still.
    pub paused: bool,
    /// Ended, and the engine is about to start it again.
    pub restarting: bool,
    /// The kernel killed it for want of memory.
    #[serde(rename = "OOMKilled")]
    pub oom_killed: bool,
    /// Its first process on the host; 0 while it does not run.
    pub pid: i64,
    /// How it ended the last time.
    pub exit_code: i64,
    /// Why it could not be started.
    pub error: String,
    /// When it was started.
    #[serde(deserialize_with = "json::time")]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(deserialize_with = "json::time")]
    pub finished_at: Option<Timestamp>,
    /// What its health check says, if it has one.
    pub health: Option<HealthState>,
}

/// What a health check says.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct HealthState {
    /// `starting`, `healthy`, `unhealthy`.
    pub status: String,
    /// How often in a row it failed.
    pub failing_streak: i64,
}

/// What a container was made of.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[allow(missing_docs, reason = "the engine's own names")]
pub struct ContainerConfig {
    /// The image as it was named.
    pub image: String,
    pub hostname: String,
    pub user: String,
    pub tty: bool,
    pub open_stdin: bool,
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
}

/// What a container may use of the host: the part of it that we ask for.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[allow(missing_docs, reason = "the engine's own names")]
pub struct HostConfig {
    pub network_mode: String,
    #[serde(deserialize_with = "json::or_default")]
    pub binds: Vec<String>,
    pub restart_policy: RestartRule,
    pub auto_remove: bool,
    pub init: Option<bool>,
    pub privileged: bool,
    pub memory: i64,
    pub memory_reservation: i64,
    pub memory_swap: i64,
    pub nano_cpus: i64,
    pub log_config: LogConfig,
    #[serde(deserialize_with = "json::or_default")]
    pub extra_hosts: Vec<String>,
    #[serde(deserialize_with = "json::or_default")]
    pub port_bindings: BTreeMap<String, Option<Vec<HostPort>>>,
}

/// When the engine starts the container again.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RestartRule {
    /// `no`, `always`, `unless-stopped`, `on-failure` or empty.
    pub name: String,
    /// For `on-failure`; 0 is without end.
    pub maximum_retry_count: i64,
}

impl std::fmt::Display for RestartRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.maximum_retry_count {
            0 => f.write_str(&self.name),
            times => write!(f, "{}:{times}", self.name),
        }
    }
}

/// Where its output is kept.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct LogConfig {
    /// The driver, such as `json-file`.
    #[serde(rename = "Type")]
    pub driver: String,
    /// The driver's options.
    #[serde(deserialize_with = "json::or_default")]
    pub config: BTreeMap<String, String>,
}

/// A mount of a container.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MountPoint {
    /// `bind`, `volume`, `tmpfs`.
    #[serde(rename = "Type")]
    pub kind: String,
    /// The volume's name.
    pub name: String,
    /// The path on the host.
    pub source: String,
    /// The path in the container.
    pub destination: String,
    /// Whether the container may write.
    #[serde(rename = "RW")]
    pub writable: bool,
}

/// A container's networks and ports.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct NetworkSettings {
    /// By network name.
    #[serde(deserialize_with = "json::or_default")]
    pub networks: BTreeMap<String, Endpoint>,
    /// By `PORT/PROTOCOL`; none for a port that is exposed alone.
    #[serde(deserialize_with = "json::or_default")]
    pub ports: BTreeMap<String, Option<Vec<HostPort>>>,
}

/// Where a port is published on the host.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct HostPort {
    /// The host's address; `0.0.0.0` or `::` for all.
    #[serde(rename = "HostIp", deserialize_with = "json::or_default")]
    pub ip: String,
    /// The host's port.
    #[serde(rename = "HostPort", deserialize_with = "json::or_default")]
    pub port: String,
}

/// A container in a list.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ContainerSummary {
    /// Its id, 64 characters.
    pub id: String,
    /// Its names, without slashes; the first is its own, others are links to it.
    #[serde(deserialize_with = "all_without_slash")]
    pub names: Vec<String>,
    /// The image as it was named.
    pub image: String,
    /// The id of its image.
    #[serde(rename = "ImageID")]
    pub image_id: String,
    /// What it runs, as text.
    pub command: String,
    /// When it was made, seconds of the epoch.
    pub created: i64,
    /// As `ContainerState::status`.
    pub state: String,
    /// For people: `Up 2 hours (healthy)`.
    pub status: String,
    /// Its labels.
    #[serde(deserialize_with = "json::or_default")]
    pub labels: BTreeMap<String, String>,
    /// Its networks; ports are not in here.
    pub network_settings: NetworkSettings,
    /// Its ports, published or not.
    #[serde(deserialize_with = "json::or_default")]
    pub ports: Vec<ListedPort>,
    /// What is mounted where.
    #[serde(deserialize_with = "json::or_default")]
    pub mounts: Vec<MountPoint>,
}

/// A port of a container in a list.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ListedPort {
    /// The host's port, if it is published.
    #[serde(rename = "PublicPort")]
    pub host: Option<u16>,
    /// `tcp`, `udp`, `sctp`.
    #[serde(rename = "Type")]
    pub protocol: String,
}

impl ContainerSummary {
    /// Its own name: the one without a link's slash.
    pub fn name(&self) -> &str {
        self.names.iter().find(|name| !name.contains('/')).map_or("", String::as_str)
    }

    /// The networks it is in, by name.
    pub fn networks(&self) -> &BTreeMap<String, Endpoint> {
        &self.network_settings.networks
    }

    /// True when it has addresses, and this is none of them. A container that is down has none, and one in
    /// the host's network has none of its own: neither has moved.
    pub fn has_moved_from(&self, address: &str) -> bool {
        let mut addresses =
            self.networks().values().map(|one| &one.ip).filter(|one| !one.is_empty()).peekable();
        addresses.peek().is_some() && addresses.all(|one| one != address)
    }
}

fn without_slash<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let name = String::deserialize(from)?;
    Ok(name.strip_prefix('/').map(str::to_owned).unwrap_or(name))
}

fn all_without_slash<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let names = Option::<Vec<String>>::deserialize(from)?.unwrap_or_default();
    Ok(names.into_iter().map(|name| name.strip_prefix('/').map(str::to_owned).unwrap_or(name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nulls_unknown_keys_and_unknown_words_of_other_engines_pass() {
        let text = r#"{
            "Id": "c0ffee", "Name": "/app.web.1", "Image": "sha256:00", "RestartCount": 2,
            "Created": "2026-01-02T03:04:05.123456789Z", "NewKey": {"a": [1]},
            "State": {"Status": "stopping", "Running": true, "OOMKilled": true, "ExitCode": 137,
                "StartedAt": "2026-01-02T03:04:06Z", "FinishedAt": "0001-01-01T00:00:00Z", "Health": null},
            "Config": {"Image": "app", "Env": null, "Cmd": null, "Entrypoint": ["run"], "Labels": null,
                "ExposedPorts": {"80/tcp": {}, "53/udp": {}}},
            "HostConfig": {"Binds": null, "Memory": 64, "NewLimit": 3, "PortBindings": null},
            "Mounts": [{"Type": "bind", "Source": "/a", "Destination": "/b", "RW": true}],
            "NetworkSettings": {"Networks": {"bridge": {"IPAddress": "172.17.0.2", "Aliases": null}},
                "Ports": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}], "53/udp": null}}
        }"#;
        let found: Container = serde_json::from_str(text).expect("lenient");
        assert_eq!((found.name.as_str(), found.restart_count), ("app.web.1", 2));
        assert_eq!((found.state.status.as_str(), found.state.oom_killed), ("stopping", true));
        assert!(found.state.started_at.is_some() && found.state.finished_at.is_none());
        assert_eq!(found.config.exposed_ports, ["53/udp", "80/tcp"]);
        assert!(found.config.env.is_empty() && found.mounts[0].writable);
        assert_eq!(found.networks()["bridge"].ip, "172.17.0.2");
        assert_eq!(found.ports()["80/tcp"].as_ref().expect("published")[0].port, "8080");
        assert_eq!(found.ports()["53/udp"], None);
    }

    #[test]
    fn a_listed_container_is_known_by_its_own_name_not_by_links() {
        let text = r#"{"Id": "c0ffee", "Names": ["/web/db", "/db"], "State": "running", "Labels": null,
            "NetworkSettings": {"Networks": {"bridge": {"IPAddress": "172.17.0.3"}}}, "Mounts": null,
            "Ports": [{"IP": "::", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"}, {"PrivatePort": 9}]}"#;
        let found: ContainerSummary = serde_json::from_str(text).expect("lenient");
        assert_eq!(found.name(), "db");
        assert_eq!(found.networks()["bridge"].ip, "172.17.0.3");
        assert_eq!(found.ports.iter().map(|port| port.host).collect::<Vec<_>>(), [Some(8080), None]);
        assert!(found.has_moved_from("172.17.0.2") && !found.has_moved_from("172.17.0.3"));
        assert!(!ContainerSummary::default().has_moved_from("172.17.0.2"), "it is down");
    }
}

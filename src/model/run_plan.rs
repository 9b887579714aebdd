//! What a container shall be: the value behind every `docker run`.

use std::collections::BTreeMap;

/// A container to make. Domains fill it, `platform::docker` performs it, and `Display` (in
/// `docker_args`) is the `docker run …` line an operator would type. Field names are the long names of
/// the docker client's options; units stand where a number has one.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs, reason = "each field is the docker client's option of that name")]
pub struct RunPlan {
    pub name: Option<String>,
    pub image: String,
    pub command: Vec<String>,
    /// An empty text clears the image's entrypoint.
    pub entrypoint: Option<String>,
    /// `KEY=value`; a bare `KEY` unsets what the image sets.
    pub env: Vec<String>,
    /// Files with `KEY=value` lines, read when the container is made.
    pub env_file: Vec<String>,
    pub label: BTreeMap<String, String>,
    pub label_file: Vec<String>,
    pub annotation: BTreeMap<String, String>,
    /// `[SOURCE:]TARGET[:OPTIONS]`, as `--volume` takes it.
    pub volume: Vec<String>,
    pub mount: Vec<Mount>,
    /// Path in the container to mount options.
    pub tmpfs: BTreeMap<String, String>,
    pub volumes_from: Vec<String>,
    pub volume_driver: Option<String>,
    /// The first one is the container's network mode.
    pub network: Vec<NetworkJoin>,
    pub link: Vec<String>,
    pub publish: Vec<PortBinding>,
    pub publish_all: bool,
    /// `PORT[-PORT][/PROTOCOL]`.
    pub expose: Vec<String>,
    pub restart: Option<RestartPolicy>,
    pub init: bool,
    pub log_driver: Option<String>,
    pub log_opt: BTreeMap<String, String>,
    pub user: Option<String>,
    pub workdir: Option<String>,
    pub hostname: Option<String>,
    pub domainname: Option<String>,
    pub tty: bool,
    pub interactive: bool,
    /// Streams the client attaches to before the start.
    pub attach: Vec<String>,
    pub detach: bool,
    pub add_host: Vec<String>,
    pub dns: Vec<String>,
    pub dns_option: Vec<String>,
    pub dns_search: Vec<String>,
    pub cap_add: Vec<String>,
    pub cap_drop: Vec<String>,
    pub device: Vec<Device>,
    pub device_cgroup_rule: Vec<String>,
    pub privileged: bool,
    pub read_only: bool,
    pub security_opt: Vec<String>,
    pub sysctl: BTreeMap<String, String>,
    pub group_add: Vec<String>,
    pub health: Health,
    pub stop_signal: Option<String>,
    /// Seconds.
    pub stop_timeout: Option<i64>,
    pub rm: bool,
    pub pid: Option<String>,
    pub ipc: Option<String>,
    pub uts: Option<String>,
    pub userns: Option<String>,
    pub cgroupns: Option<String>,
    pub cgroup_parent: Option<String>,
    pub runtime: Option<String>,
    pub isolation: Option<String>,
    pub platform: Option<String>,
    pub mac_address: Option<String>,
    pub storage_opt: BTreeMap<String, String>,
    pub pull: Option<String>,
    pub limits: Limits,
}

impl RunPlan {
    /// A container of this image, with the engine's defaults for the rest.
    pub fn of_image(image: impl Into<String>) -> Self {
        RunPlan { image: image.into(), ..RunPlan::default() }
    }
}

/// What the container may use. Sizes in bytes, times in microseconds.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs, reason = "each field is the docker client's option of that name")]
pub struct Limits {
    pub memory: Option<i64>,
    pub memory_reservation: Option<i64>,
    /// -1 is unlimited.
    pub memory_swap: Option<i64>,
    pub memory_swappiness: Option<i64>,
    pub kernel_memory: Option<i64>,
    /// Billionths of a processor.
    pub nano_cpus: Option<i64>,
    pub cpu_shares: Option<i64>,
    pub cpu_period: Option<i64>,
    pub cpu_quota: Option<i64>,
    pub cpu_rt_period: Option<i64>,
    pub cpu_rt_runtime: Option<i64>,
    pub cpuset_cpus: Option<String>,
    pub cpuset_mems: Option<String>,
    pub gpus: Vec<Gpus>,
    pub shm_size: Option<i64>,
    pub ulimit: Vec<Ulimit>,
    pub pids_limit: Option<i64>,
    pub oom_kill_disable: bool,
    pub oom_score_adj: Option<i64>,
    pub blkio_weight: Option<u16>,
    /// `DEVICE:VALUE` pairs; for the four rates below likewise.
    pub blkio_weight_device: Vec<(String, i64)>,
    pub device_read_bps: Vec<(String, i64)>,
    pub device_read_iops: Vec<(String, i64)>,
    pub device_write_bps: Vec<(String, i64)>,
    pub device_write_iops: Vec<(String, i64)>,
}

/// How the engine asks the container whether it is well. Times in nanoseconds.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs, reason = "each field is the docker client's option of that name")]
pub struct Health {
    /// Run by the image's shell.
    pub cmd: Option<String>,
    pub interval: Option<i64>,
    pub timeout: Option<i64>,
    pub retries: Option<i64>,
    pub start_period: Option<i64>,
    pub start_interval: Option<i64>,
    /// Switches off the image's own check.
    pub none: bool,
}

/// A network the container joins, and as whom.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs, reason = "each field is the docker client's key of that name")]
pub struct NetworkJoin {
    /// A network, or one of the modes `bridge`, `host`, `none`, `container:NAME`.
    pub name: String,
    pub aliases: Vec<String>,
    pub ip: Option<String>,
    pub ip6: Option<String>,
    pub link_local_ips: Vec<String>,
    pub mac_address: Option<String>,
    pub driver_opts: BTreeMap<String, String>,
    /// The network with the highest one gives the default gateway (engines from API 1.48).
    pub gw_priority: Option<i64>,
}

impl NetworkJoin {
    /// The network under the container's own name alone.
    pub fn named(name: impl Into<String>) -> Self {
        NetworkJoin { name: name.into(), ..NetworkJoin::default() }
    }
}

/// A port of the container made reachable on the host.
#[derive(Clone, Debug, PartialEq)]
pub struct PortBinding {
    /// The host's address; all without one.
    pub ip: Option<String>,
    /// A port or a range; a free one without.
    pub host: Option<String>,
    /// The port in the container.
    pub container: u16,
    /// `tcp`, `udp` or `sctp`.
    pub protocol: String,
}

/// When the engine starts the container again.
#[derive(Clone, Debug, PartialEq)]
pub enum RestartPolicy {
    /// Never.
    No,
    /// Whenever it ended, and when the engine starts.
    Always,
    /// As `Always`, until somebody stops it.
    UnlessStopped,
    /// When it failed; at most so many times, if a number is there.
    OnFailure(Option<i64>),
}

/// A `--mount`: its keys, checked. What is not a key of its own stands in `options` (`volume-opt`, …).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mount {
    /// `bind`, `volume`, `tmpfs`, `image`, …
    pub kind: String,
    /// Host path or volume; empty for `tmpfs` and anonymous volumes.
    pub source: String,
    /// Path in the container.
    pub target: String,
    /// Whether the container may only read.
    pub read_only: bool,
    /// Any further keys and values, in their order.
    pub options: Vec<(String, String)>,
}

/// A device of the host.
#[derive(Clone, Debug, PartialEq)]
pub struct Device {
    /// Path on the host, or the name of a CDI device.
    pub host: String,
    /// Path in the container.
    pub container: String,
    /// Of `r`, `w`, `m`.
    pub permissions: String,
}

/// A `--gpus` request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gpus {
    /// How many; -1 is all. None where ids are named.
    pub count: Option<i64>,
    /// The driver to ask.
    pub driver: Option<String>,
    /// Ids of devices.
    pub devices: Vec<String>,
    /// Capabilities beyond `gpu`.
    pub capabilities: Vec<String>,
    /// Options of the driver.
    pub options: BTreeMap<String, String>,
}

/// A `--ulimit`; -1 is unlimited.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the parts of NAME=SOFT:HARD")]
pub struct Ulimit {
    pub name: String,
    pub soft: i64,
    pub hard: i64,
}

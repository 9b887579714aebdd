//! The table of `docker run`'s options (docker client 28).

use std::collections::BTreeMap;

use super::networks::{add, first, network, print_network};
use super::values as v;
use crate::model::run_plan::{RestartPolicy, RunPlan};

/// One option.
pub struct Flag {
    /// Its long name, without dashes.
    pub name: &'static str,
    /// Its short name.
    pub short: Option<char>,
    /// What it does.
    pub kind: Kind,
}

type Field<T> = fn(&mut RunPlan) -> &mut T;

/// What an option takes, and which field of the plan it fills.
pub enum Kind {
    /// On or off.
    Switch(Field<bool>),
    /// The last one counts.
    Text(Field<Option<String>>),
    /// Each one counts.
    Texts(Field<Vec<String>>),
    /// `KEY=VALUE`, each one counts.
    Pairs(Field<BTreeMap<String, String>>),
    /// A whole number.
    Number(Field<Option<i64>>),
    /// A size such as `512m`.
    Size(Field<Option<i64>>),
    /// A duration such as `30s`.
    Duration(Field<Option<i64>>),
    /// `DEVICE:VALUE`, each one counts.
    Rates(Field<Vec<(String, i64)>>, fn(&str) -> v::Parsed<i64>),
    /// A shape of its own.
    Own(fn(&mut RunPlan, &str) -> v::Parsed<()>, fn(&RunPlan) -> Vec<String>),
    /// `KEY=VALUE`, or a `KEY` whose value the caller's environment has.
    Environment,
    /// Says something to the client alone: true where it takes a value.
    Client(bool),
    /// Cannot be, and why.
    Refused(&'static str),
}

const fn long(name: &'static str, kind: Kind) -> Flag {
    Flag { name, short: None, kind }
}

const fn both(name: &'static str, short: char, kind: Kind) -> Flag {
    Flag { name, short: Some(short), kind }
}

/// Other names of some options.
pub const ALIASES: &[(&str, &str)] =
    &[("net", "network"), ("net-alias", "network-alias"), ("dns-opt", "dns-option")];

/// All options, in the order in which they are printed.
pub const FLAGS: &[Flag] = &[
    both("detach", 'd', Kind::Switch(|plan| &mut plan.detach)),
    both("interactive", 'i', Kind::Switch(|plan| &mut plan.interactive)),
    both("tty", 't', Kind::Switch(|plan| &mut plan.tty)),
    both("attach", 'a', Kind::Texts(|plan| &mut plan.attach)),
    long("rm", Kind::Switch(|plan| &mut plan.rm)),
    long("name", Kind::Text(|plan| &mut plan.name)),
    both("label", 'l', Kind::Pairs(|plan| &mut plan.label)),
    long("label-file", Kind::Texts(|plan| &mut plan.label_file)),
    long("annotation", Kind::Pairs(|plan| &mut plan.annotation)),
    long("init", Kind::Switch(|plan| &mut plan.init)),
    long("restart", Kind::Own(restart, |plan| plan.restart.iter().map(v::print_restart).collect())),
    both("env", 'e', Kind::Environment),
    long("env-file", Kind::Texts(|plan| &mut plan.env_file)),
    both("hostname", 'h', Kind::Text(|plan| &mut plan.hostname)),
    long("domainname", Kind::Text(|plan| &mut plan.domainname)),
    both("user", 'u', Kind::Text(|plan| &mut plan.user)),
    long("group-add", Kind::Texts(|plan| &mut plan.group_add)),
    both("workdir", 'w', Kind::Text(|plan| &mut plan.workdir)),
    long("entrypoint", Kind::Text(|plan| &mut plan.entrypoint)),
    long("network", Kind::Own(join, |plan| plan.network.iter().map(print_network).collect())),
    long("network-alias", Kind::Own(alias, |_| Vec::new())),
    long("ip", Kind::Own(ip, |_| Vec::new())),
    long("ip6", Kind::Own(ip6, |_| Vec::new())),
    long("link-local-ip", Kind::Own(link_local_ip, |_| Vec::new())),
    long("mac-address", Kind::Text(|plan| &mut plan.mac_address)),
    long("link", Kind::Texts(|plan| &mut plan.link)),
    both("publish", 'p', Kind::Own(publish, |plan| plan.publish.iter().map(v::print_port).collect())),
    both("publish-all", 'P', Kind::Switch(|plan| &mut plan.publish_all)),
    long("expose", Kind::Texts(|plan| &mut plan.expose)),
    long("add-host", Kind::Texts(|plan| &mut plan.add_host)),
    long("dns", Kind::Texts(|plan| &mut plan.dns)),
    long("dns-option", Kind::Texts(|plan| &mut plan.dns_option)),
    long("dns-search", Kind::Texts(|plan| &mut plan.dns_search)),
    both("volume", 'v', Kind::Texts(|plan| &mut plan.volume)),
    long("mount", Kind::Own(mount, |plan| plan.mount.iter().map(v::print_mount).collect())),
    long("tmpfs", Kind::Own(tmpfs, print_tmpfs)),
    long("volumes-from", Kind::Texts(|plan| &mut plan.volumes_from)),
    long("volume-driver", Kind::Text(|plan| &mut plan.volume_driver)),
    long("log-driver", Kind::Text(|plan| &mut plan.log_driver)),
    long("log-opt", Kind::Pairs(|plan| &mut plan.log_opt)),
    both("memory", 'm', Kind::Size(|plan| &mut plan.limits.memory)),
    long("memory-reservation", Kind::Size(|plan| &mut plan.limits.memory_reservation)),
    long(
        "memory-swap",
        Kind::Own(memory_swap, |plan| {
            plan.limits.memory_swap.iter().map(|bytes| v::print_size(*bytes)).collect()
        }),
    ),
    long("memory-swappiness", Kind::Number(|plan| &mut plan.limits.memory_swappiness)),
    long("kernel-memory", Kind::Size(|plan| &mut plan.limits.kernel_memory)),
    long(
        "cpus",
        Kind::Own(cpus, |plan| plan.limits.nano_cpus.iter().map(|nano| v::print_cpus(*nano)).collect()),
    ),
    both("cpu-shares", 'c', Kind::Number(|plan| &mut plan.limits.cpu_shares)),
    long("cpu-period", Kind::Number(|plan| &mut plan.limits.cpu_period)),
    long("cpu-quota", Kind::Number(|plan| &mut plan.limits.cpu_quota)),
    long("cpu-rt-period", Kind::Number(|plan| &mut plan.limits.cpu_rt_period)),
    long("cpu-rt-runtime", Kind::Number(|plan| &mut plan.limits.cpu_rt_runtime)),
    long("cpuset-cpus", Kind::Text(|plan| &mut plan.limits.cpuset_cpus)),
    long("cpuset-mems", Kind::Text(|plan| &mut plan.limits.cpuset_mems)),
    long("gpus", Kind::Own(gpus, |plan| plan.limits.gpus.iter().map(v::print_gpus).collect())),
    long("shm-size", Kind::Size(|plan| &mut plan.limits.shm_size)),
    long("ulimit", Kind::Own(ulimit, print_ulimits)),
    long("pids-limit", Kind::Number(|plan| &mut plan.limits.pids_limit)),
    long("oom-kill-disable", Kind::Switch(|plan| &mut plan.limits.oom_kill_disable)),
    long("oom-score-adj", Kind::Number(|plan| &mut plan.limits.oom_score_adj)),
    long(
        "blkio-weight",
        Kind::Own(blkio_weight, |plan| plan.limits.blkio_weight.iter().map(ToString::to_string).collect()),
    ),
    long("blkio-weight-device", Kind::Rates(|plan| &mut plan.limits.blkio_weight_device, v::number)),
    long("device-read-bps", Kind::Rates(|plan| &mut plan.limits.device_read_bps, v::size)),
    long("device-read-iops", Kind::Rates(|plan| &mut plan.limits.device_read_iops, v::number)),
    long("device-write-bps", Kind::Rates(|plan| &mut plan.limits.device_write_bps, v::size)),
    long("device-write-iops", Kind::Rates(|plan| &mut plan.limits.device_write_iops, v::number)),
    long("cap-add", Kind::Texts(|plan| &mut plan.cap_add)),
    long("cap-drop", Kind::Texts(|plan| &mut plan.cap_drop)),
    long("device", Kind::Own(device, print_devices)),
    long("device-cgroup-rule", Kind::Texts(|plan| &mut plan.device_cgroup_rule)),
    long("privileged", Kind::Switch(|plan| &mut plan.privileged)),
    long("read-only", Kind::Switch(|plan| &mut plan.read_only)),
    long("security-opt", Kind::Texts(|plan| &mut plan.security_opt)),
    long("sysctl", Kind::Pairs(|plan| &mut plan.sysctl)),
    long("storage-opt", Kind::Pairs(|plan| &mut plan.storage_opt)),
    long("health-cmd", Kind::Text(|plan| &mut plan.health.cmd)),
    long("health-interval", Kind::Duration(|plan| &mut plan.health.interval)),
    long("health-retries", Kind::Number(|plan| &mut plan.health.retries)),
    long("health-start-interval", Kind::Duration(|plan| &mut plan.health.start_interval)),
    long("health-start-period", Kind::Duration(|plan| &mut plan.health.start_period)),
    long("health-timeout", Kind::Duration(|plan| &mut plan.health.timeout)),
    long("no-healthcheck", Kind::Switch(|plan| &mut plan.health.none)),
    long("stop-signal", Kind::Text(|plan| &mut plan.stop_signal)),
    long("stop-timeout", Kind::Number(|plan| &mut plan.stop_timeout)),
    long("pid", Kind::Text(|plan| &mut plan.pid)),
    long("ipc", Kind::Text(|plan| &mut plan.ipc)),
    long("uts", Kind::Text(|plan| &mut plan.uts)),
    long("userns", Kind::Text(|plan| &mut plan.userns)),
    long("cgroupns", Kind::Text(|plan| &mut plan.cgroupns)),
    long("cgroup-parent", Kind::Text(|plan| &mut plan.cgroup_parent)),
    long("runtime", Kind::Text(|plan| &mut plan.runtime)),
    long("isolation", Kind::Text(|plan| &mut plan.isolation)),
    long("platform", Kind::Text(|plan| &mut plan.platform)),
    long("pull", Kind::Text(|plan| &mut plan.pull)),
    both("quiet", 'q', Kind::Client(false)),
    long("sig-proxy", Kind::Client(false)),
    long("disable-content-trust", Kind::Client(false)),
    long("detach-keys", Kind::Client(true)),
    long("cidfile", Kind::Refused("the id of a container of an app is kept by Dokku")),
    long(
        "use-api-socket",
        Kind::Refused("the engine has no such setting; mount /var/run/docker.sock instead"),
    ),
];

fn restart(plan: &mut RunPlan, text: &str) -> v::Parsed<()> {
    let policy: RestartPolicy = v::restart(text)?;
    plan.restart = Some(policy);
    Ok(())
}

fn join(plan: &mut RunPlan, text: &str) -> v::Parsed<()> {
    add(plan, network(text)?);
    Ok(())
}

fn alias(plan: &mut RunPlan, text: &str) -> v::Parsed<()> {
    first(plan).aliases.push(text.to_owned());
    Ok(())
}

fn ip(plan: &mut RunPlan, text: &str) -> v::Parsed<()> {
    first(plan).ip = Some(text.to_owned());
    Ok(())
}

fn ip6(plan: &mut RunPlan, text: &str) -> v::Parsed<()> {
    first(plan).ip6 = Some(text.to_owned());
    Ok(())
}

fn link_local_ip(plan: &mut RunPlan, text: &str) -> v::Parsed<()> {
    first(plan).link_local_ips.push(text.to_owned());
    Ok(())
}

fn publish(plan: &mut RunPlan, text: &str) -> v::Parsed<()> {
    plan.publish.extend(v::ports(text)?);
    Ok(())
}

fn mount(plan: &mut RunPlan, text: &str) -> v::Parsed<()> {
    plan.mount.push(v::mount(text)?);
    Ok(())
}

fn tmpfs(plan: &mut RunPlan, text: &str) -> v::Parsed<()> {
    let (path, options) = text.split_once(':').unwrap_or((text, ""));
    plan.tmpfs.insert(path.to_owned(), options.to_owned());
    Ok(())
}

fn print_tmpfs(plan: &RunPlan) -> Vec<String> {
    let print = |(path, options): (&String, &String)| match options.as_str() {
        "" => path.clone(),
        options => format!("{path}:{options}"),
    };
    plan.tmpfs.iter().map(print).collect()
}

fn memory_swap(plan: &mut RunPlan, text: &str) -> v::Parsed<()> {
    plan.limits.memory_swap = Some(v::size_or_unlimited(text)?);
    Ok(())
}

fn cpus(plan: &mut RunPlan, text: &str) -> v::Parsed<()> {
    plan.limits.nano_cpus = Some(v::cpus(text)?);
    Ok(())
}

fn gpus(plan: &mut RunPlan, text: &str) -> v::Parsed<()> {
    plan.limits.gpus.push(v::gpus(text)?);
    Ok(())
}

fn ulimit(plan: &mut RunPlan, text: &str) -> v::Parsed<()> {
    plan.limits.ulimit.push(v::ulimit(text)?);
    Ok(())
}

fn print_ulimits(plan: &RunPlan) -> Vec<String> {
    plan.limits.ulimit.iter().map(|one| format!("{}={}:{}", one.name, one.soft, one.hard)).collect()
}

fn blkio_weight(plan: &mut RunPlan, text: &str) -> v::Parsed<()> {
    let weight = u16::try_from(v::number(text)?).map_err(|_| "it is not a weight".to_owned())?;
    plan.limits.blkio_weight = Some(weight);
    Ok(())
}

fn device(plan: &mut RunPlan, text: &str) -> v::Parsed<()> {
    plan.device.push(v::device(text)?);
    Ok(())
}

fn print_devices(plan: &RunPlan) -> Vec<String> {
    plan.device.iter().map(|one| format!("{}:{}:{}", one.host, one.container, one.permissions)).collect()
}

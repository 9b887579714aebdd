//! From a `RunPlan` to what the engine's create call takes.

use std::collections::HashMap;
use std::path::Path;

use bollard::models::{
    ContainerCreateBody, DeviceMapping, DeviceRequest, EndpointIpamConfig, EndpointSettings, HealthConfig,
    HostConfig, HostConfigLogConfig, NetworkingConfig, PortBinding as PublishedPort, PortMap,
    ResourcesBlkioWeightDevice, ResourcesUlimits, RestartPolicy as RestartRule, RestartPolicyNameEnum,
    ThrottleDevice,
};
use serde_json::{Value, json};

use super::{ApiVersion, DockerResult};
use crate::model::Fault;
use crate::model::run_plan::{Health, NetworkJoin, RestartPolicy, RunPlan};
use crate::platform::files;

/// From here on one call joins a container to several networks.
const MANY_NETWORKS: ApiVersion = ApiVersion { major: 1, minor: 44 };

/// From here on a folder in a volume can be mounted; an older engine mounts the whole volume without a word.
const SUBPATHS: ApiVersion = ApiVersion { major: 1, minor: 45 };

/// The create call's body, and the networks left to be joined afterwards.
pub fn create_body(plan: &RunPlan, api: ApiVersion) -> DockerResult<(Value, Vec<NetworkJoin>)> {
    let has_subpath =
        plan.mount.iter().any(|mount| mount.options.iter().any(|(key, _)| key == "volume-subpath"));
    if has_subpath && api < SUBPATHS {
        return Err(Fault::new("a folder in a volume can be mounted from Docker 26 on")
            .hint("Mount the whole volume, or a folder of the host")
            .into());
    }
    let joins_now = if api >= MANY_NETWORKS { plan.network.len() } else { plan.network.len().min(1) };
    let (now, later) = plan.network.split_at(joins_now);
    let body = ContainerCreateBody {
        hostname: plan.hostname.clone(),
        domainname: plan.domainname.clone(),
        user: plan.user.clone(),
        attach_stdin: Some(plan.interactive && !plan.detach),
        attach_stdout: Some(!plan.detach),
        attach_stderr: Some(!plan.detach),
        exposed_ports: exposed(plan),
        tty: Some(plan.tty),
        open_stdin: Some(plan.interactive),
        stdin_once: Some(plan.interactive && !plan.detach),
        env: some(environment(plan)?),
        cmd: some(plan.command.clone()),
        healthcheck: health(&plan.health),
        image: Some(plan.image.clone()),
        volumes: some(plan.volume.iter().filter(|volume| !volume.contains(':')).cloned().collect()),
        working_dir: plan.workdir.clone(),
        entrypoint: plan.entrypoint.clone().map(|entrypoint| vec![entrypoint]),
        labels: some_map(labels(plan)?),
        stop_signal: plan.stop_signal.clone(),
        stop_timeout: plan.stop_timeout,
        host_config: Some(host_config(plan)),
        networking_config: endpoints(plan, now),
        ..ContainerCreateBody::default()
    };
    let mut body = serde_json::to_value(body).expect("bollard's own type is always JSON");
    add_what_bollard_lacks(plan, &mut body)?;
    Ok((body, later.to_vec()))
}

/// What joining a network says of the container.
pub fn endpoint(join: &NetworkJoin, links: &[String]) -> EndpointSettings {
    let fixed = join.ip.is_some() || join.ip6.is_some() || !join.link_local_ips.is_empty();
    EndpointSettings {
        ipam_config: fixed.then(|| EndpointIpamConfig {
            ipv4_address: join.ip.clone(),
            ipv6_address: join.ip6.clone(),
            link_local_ips: some(join.link_local_ips.clone()),
        }),
        links: some(links.to_vec()),
        mac_address: join.mac_address.clone(),
        aliases: some(join.aliases.clone()),
        driver_opts: some_map(join.driver_opts.clone().into_iter().collect()),
        gw_priority: join.gw_priority,
        ..EndpointSettings::default()
    }
}

/// The engine's words for a restart policy.
pub fn restart_rule(policy: &RestartPolicy) -> RestartRule {
    let (name, count) = match policy {
        RestartPolicy::No => (RestartPolicyNameEnum::NO, None),
        RestartPolicy::Always => (RestartPolicyNameEnum::ALWAYS, None),
        RestartPolicy::UnlessStopped => (RestartPolicyNameEnum::UNLESS_STOPPED, None),
        RestartPolicy::OnFailure(count) => (RestartPolicyNameEnum::ON_FAILURE, *count),
    };
    RestartRule { name: Some(name), maximum_retry_count: count }
}

fn host_config(plan: &RunPlan) -> HostConfig {
    let limits = &plan.limits;
    HostConfig {
        cpu_shares: limits.cpu_shares,
        memory: limits.memory,
        cgroup_parent: plan.cgroup_parent.clone(),
        blkio_weight: limits.blkio_weight,
        blkio_weight_device: some(limits.blkio_weight_device.iter().map(weight).collect()),
        blkio_device_read_bps: throttles(&limits.device_read_bps),
        blkio_device_write_bps: throttles(&limits.device_write_bps),
        blkio_device_read_iops: throttles(&limits.device_read_iops),
        blkio_device_write_iops: throttles(&limits.device_write_iops),
        cpu_period: limits.cpu_period,
        cpu_quota: limits.cpu_quota,
        cpu_realtime_period: limits.cpu_rt_period,
        cpu_realtime_runtime: limits.cpu_rt_runtime,
        cpuset_cpus: limits.cpuset_cpus.clone(),
        cpuset_mems: limits.cpuset_mems.clone(),
        devices: devices(plan),
        device_cgroup_rules: some(plan.device_cgroup_rule.clone()),
        device_requests: device_requests(plan),
        memory_reservation: limits.memory_reservation,
        memory_swap: limits.memory_swap,
        memory_swappiness: limits.memory_swappiness,
        nano_cpus: limits.nano_cpus,
        oom_kill_disable: limits.oom_kill_disable.then_some(true),
        init: plan.init.then_some(true),
        pids_limit: limits.pids_limit,
        ulimits: some(limits.ulimit.iter().map(ulimit).collect()),
        binds: some(plan.volume.iter().filter(|volume| volume.contains(':')).cloned().collect()),
        log_config: log_config(plan),
        network_mode: plan.network.first().map(|join| join.name.clone()),
        port_bindings: port_bindings(plan),
        restart_policy: plan.restart.as_ref().map(restart_rule),
        auto_remove: plan.rm.then_some(true),
        volume_driver: plan.volume_driver.clone(),
        volumes_from: some(plan.volumes_from.clone()),
        annotations: some_map(plan.annotation.clone().into_iter().collect()),
        cap_add: some(plan.cap_add.clone()),
        cap_drop: some(plan.cap_drop.clone()),
        dns: some(plan.dns.clone()),
        dns_options: some(plan.dns_option.clone()),
        dns_search: some(plan.dns_search.clone()),
        extra_hosts: some(plan.add_host.iter().map(|host| colon_host(host)).collect()),
        group_add: some(plan.group_add.clone()),
        ipc_mode: plan.ipc.clone(),
        links: some(plan.link.clone()),
        oom_score_adj: limits.oom_score_adj,
        pid_mode: plan.pid.clone(),
        privileged: plan.privileged.then_some(true),
        publish_all_ports: plan.publish_all.then_some(true),
        readonly_rootfs: plan.read_only.then_some(true),
        security_opt: some(plan.security_opt.clone()),
        storage_opt: some_map(plan.storage_opt.clone().into_iter().collect()),
        tmpfs: some_map(plan.tmpfs.clone().into_iter().collect()),
        uts_mode: plan.uts.clone(),
        userns_mode: plan.userns.clone(),
        shm_size: limits.shm_size,
        sysctls: some_map(plan.sysctl.clone().into_iter().collect()),
        runtime: plan.runtime.clone(),
        ..HostConfig::default()
    }
}

/// Keys that bollard's types do not have, or only as closed enums.
fn add_what_bollard_lacks(plan: &RunPlan, body: &mut Value) -> DockerResult {
    let host = &mut body["HostConfig"];
    if let Some(kernel_memory) = plan.limits.kernel_memory {
        host["KernelMemory"] = kernel_memory.into();
    }
    if let Some(cgroupns) = &plan.cgroupns {
        host["CgroupnsMode"] = cgroupns.as_str().into();
    }
    if let Some(isolation) = &plan.isolation {
        host["Isolation"] = isolation.as_str().into();
    }
    if !plan.mount.is_empty() {
        host["Mounts"] = super::mounts::to_json(&plan.mount)?;
    }
    if let Some(mac_address) = &plan.mac_address {
        body["MacAddress"] = mac_address.as_str().into();
    }
    Ok(())
}

fn endpoints(plan: &RunPlan, joins: &[NetworkJoin]) -> Option<NetworkingConfig> {
    let own = |join: &&NetworkJoin| {
        let shared = join.name == "host" || join.name == "none" || join.name.starts_with("container:");
        !shared && !join.name.is_empty()
    };
    let endpoints: HashMap<String, EndpointSettings> = joins
        .iter()
        .enumerate()
        .filter(|(_, join)| own(join))
        .map(|(at, join)| {
            // Links belong to the first network; on the default bridge the host configuration has them.
            let links =
                if at == 0 && join.name != "bridge" && join.name != "default" { &plan.link[..] } else { &[] };
            (join.name.clone(), endpoint(join, links))
        })
        .collect();
    (!endpoints.is_empty()).then_some(NetworkingConfig { endpoints_config: Some(endpoints) })
}

fn exposed(plan: &RunPlan) -> Option<Vec<String>> {
    let published = plan.publish.iter().map(|port| format!("{}/{}", port.container, port.protocol));
    let mut ports: Vec<String> =
        plan.expose.iter().flat_map(|range| one_by_one(range)).chain(published).collect();
    ports.sort_unstable();
    ports.dedup();
    some(ports)
}

/// `3000-3002/udp` as its three ports.
fn one_by_one(range: &str) -> Vec<String> {
    let (ports, protocol) = range.split_once('/').unwrap_or((range, "tcp"));
    let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
    match (first.parse::<u16>(), last.parse::<u16>()) {
        (Ok(first), Ok(last)) => (first..=last).map(|port| format!("{port}/{protocol}")).collect(),
        _ => vec![format!("{ports}/{protocol}")],
    }
}

fn port_bindings(plan: &RunPlan) -> Option<PortMap> {
    let mut map = PortMap::new();
    for port in &plan.publish {
        let binding = PublishedPort { host_ip: port.ip.clone(), host_port: port.host.clone() };
        map.entry(format!("{}/{}", port.container, port.protocol))
            .or_default()
            .get_or_insert_default()
            .push(binding);
    }
    (!map.is_empty()).then_some(map)
}

fn health(health: &Health) -> Option<HealthConfig> {
    if health.none {
        return Some(HealthConfig { test: Some(vec!["NONE".to_owned()]), ..HealthConfig::default() });
    }
    (*health != Health::default()).then(|| HealthConfig {
        test: health.cmd.clone().map(|command| vec!["CMD-SHELL".to_owned(), command]),
        interval: health.interval,
        timeout: health.timeout,
        retries: health.retries,
        start_period: health.start_period,
        start_interval: health.start_interval,
    })
}

fn log_config(plan: &RunPlan) -> Option<HostConfigLogConfig> {
    let said = plan.log_driver.is_some() || !plan.log_opt.is_empty();
    said.then(|| HostConfigLogConfig {
        // An empty type is the engine's own default driver.
        typ: Some(plan.log_driver.clone().unwrap_or_default()),
        config: some_map(plan.log_opt.clone().into_iter().collect()),
    })
}

fn devices(plan: &RunPlan) -> Option<Vec<DeviceMapping>> {
    let paths = plan.device.iter().filter(|device| device.host.starts_with('/'));
    some(
        paths
            .map(|device| DeviceMapping {
                path_on_host: Some(device.host.clone()),
                path_in_container: Some(device.container.clone()),
                cgroup_permissions: Some(device.permissions.clone()),
            })
            .collect(),
    )
}

/// GPUs, and devices named as `vendor/class=name` (CDI).
fn device_requests(plan: &RunPlan) -> Option<Vec<DeviceRequest>> {
    let mut requests: Vec<DeviceRequest> = plan
        .limits
        .gpus
        .iter()
        .map(|gpus| DeviceRequest {
            driver: gpus.driver.clone(),
            count: gpus.count,
            device_ids: some(gpus.devices.clone()),
            capabilities: Some(vec![
                std::iter::once("gpu".to_owned()).chain(gpus.capabilities.iter().cloned()).collect(),
            ]),
            options: some_map(gpus.options.clone().into_iter().collect()),
        })
        .collect();
    let cdi: Vec<String> = plan
        .device
        .iter()
        .filter(|device| !device.host.starts_with('/'))
        .map(|device| device.host.clone())
        .collect();
    if !cdi.is_empty() {
        let driver = Some("cdi".to_owned());
        requests.push(DeviceRequest { driver, device_ids: Some(cdi), ..DeviceRequest::default() });
    }
    some(requests)
}

fn ulimit(limit: &crate::model::run_plan::Ulimit) -> ResourcesUlimits {
    ResourcesUlimits { name: Some(limit.name.clone()), soft: Some(limit.soft), hard: Some(limit.hard) }
}

fn weight((path, weight): &(String, i64)) -> ResourcesBlkioWeightDevice {
    ResourcesBlkioWeightDevice { path: Some(path.clone()), weight: usize::try_from(*weight).ok() }
}

fn throttles(rates: &[(String, i64)]) -> Option<Vec<ThrottleDevice>> {
    some(
        rates
            .iter()
            .map(|(path, rate)| ThrottleDevice { path: Some(path.clone()), rate: Some(*rate) })
            .collect(),
    )
}

/// The client takes `host=address` since Docker 25, the engine only `host:address`.
fn colon_host(host: &str) -> String {
    match (host.find('='), host.find(':')) {
        (Some(equals), colon) if colon.is_none_or(|colon| equals < colon) => {
            format!("{}:{}", &host[..equals], &host[equals + 1..])
        }
        _ => host.to_owned(),
    }
}

/// The environment: files first, then what was said one by one, as the docker client does.
fn environment(plan: &RunPlan) -> DockerResult<Vec<String>> {
    let mut lines = lines_of(&plan.env_file)?;
    lines.extend(plan.env.iter().cloned());
    Ok(lines)
}

fn labels(plan: &RunPlan) -> DockerResult<HashMap<String, String>> {
    let from_files = lines_of(&plan.label_file)?.into_iter().map(|line| {
        let (key, value) = line.split_once('=').unwrap_or((&line, ""));
        (key.to_owned(), value.to_owned())
    });
    Ok(from_files.chain(plan.label.clone()).collect())
}

fn lines_of(paths: &[String]) -> DockerResult<Vec<String>> {
    let mut lines = Vec::new();
    for path in paths {
        let text = files::read_text(Path::new(path))?
            .ok_or_else(|| Fault::new(format!("the file {path}, named by a docker option, is not there")))?;
        let said =
            text.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.extend(said.map(str::to_owned));
    }
    Ok(lines)
}

fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

fn some_map(map: HashMap<String, String>) -> Option<HashMap<String, String>> {
    (!map.is_empty()).then_some(map)
}

/// The body that joins a container to a network.
pub fn connect_body(join: &NetworkJoin, container: &str) -> Value {
    json!({ "Container": container, "EndpointConfig": endpoint(join, &[]) })
}

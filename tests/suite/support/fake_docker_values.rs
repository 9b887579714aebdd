//! What the engine in memory answers with.

use std::collections::BTreeMap;
use std::pin::Pin;

use bytes::Bytes;
use dokku::model::run_plan::{RestartPolicy, RunPlan};
use dokku::platform::docker::*;
use tokio::io::AsyncWrite;

/// What `inspect` says of a container just made.
pub fn describe(plan: &RunPlan, image: &Image, id: &str, name: &str) -> Container {
    let mut container =
        Container { id: id.into(), name: name.into(), image_id: image.id.clone(), ..Container::default() };
    container.state.status = "created".into();
    let config = &mut container.config;
    config.image = plan.image.clone();
    config.hostname = plan.hostname.clone().unwrap_or_else(|| id[..12].to_owned());
    config.env = plan.env.iter().chain(&image.config.env).cloned().collect();
    config.cmd = if plan.command.is_empty() { image.config.cmd.clone() } else { plan.command.clone() };
    config.entrypoint =
        plan.entrypoint.clone().map_or_else(|| image.config.entrypoint.clone(), |one| vec![one]);
    config.labels = image.config.labels.clone().into_iter().chain(plan.label.clone()).collect();
    config.exposed_ports = image.config.exposed_ports.clone();
    config.working_dir = plan.workdir.clone().unwrap_or_else(|| image.config.working_dir.clone());
    config.user = plan.user.clone().unwrap_or_else(|| image.config.user.clone());
    config.tty = plan.tty;
    config.open_stdin = plan.interactive;
    let host = &mut container.host_config;
    host.network_mode = plan.network.first().map_or_else(|| "default".to_owned(), |join| join.name.clone());
    host.auto_remove = plan.rm;
    host.memory = plan.limits.memory.unwrap_or(0);
    host.nano_cpus = plan.limits.nano_cpus.unwrap_or(0);
    host.restart_policy.name = plan.restart.as_ref().map_or("no", policy_name).to_owned();
    host.binds = plan.volume.clone();
    for port in &plan.publish {
        let on_host = HostPort { ip: String::new(), port: port.host.clone().unwrap_or_default() };
        host.port_bindings.insert(format!("{}/{}", port.container, port.protocol), Some(vec![on_host]));
    }
    container
}

/// What a commit makes of a container: all of its own settings, then the changes.
pub fn committed(from: &Image, container: &Container, plan: &CommitPlan) -> Image {
    let mut image = from.clone();
    let config = &mut image.config;
    config.labels.clone_from(&container.config.labels);
    config.env.clone_from(&container.config.env);
    config.cmd.clone_from(&container.config.cmd);
    config.entrypoint.clone_from(&container.config.entrypoint);
    let words = |text: &str| serde_json::from_str(text).expect("a list of words");
    for change in &plan.changes {
        match change.split_once(' ') {
            Some(("LABEL", label)) => {
                let (key, value) = label.split_once('=').unwrap_or((label, ""));
                config.labels.insert(key.trim().to_owned(), value.trim_matches('"').to_owned());
            }
            Some(("CMD", text)) => config.cmd = words(text),
            Some(("ENV", pair)) => config.env.push(pair.to_owned()),
            Some(("USER", user)) => user.clone_into(&mut config.user),
            Some(("WORKDIR", folder)) => folder.clone_into(&mut config.working_dir),
            Some(("ENTRYPOINT", text)) => config.entrypoint = words(text),
            Some(_) | None => panic!("the engine in memory does not know this change: {change}"),
        }
    }
    image
}

pub fn summary(container: &Container) -> ContainerSummary {
    let state = &container.state;
    let status = match state.status.as_str() {
        "running" => "Up 1 second".to_owned(),
        "exited" => format!("Exited ({}) 1 second ago", state.exit_code),
        other => other.to_owned(),
    };
    ContainerSummary {
        id: container.id.clone(),
        names: vec![container.name.clone()],
        image: container.config.image.clone(),
        image_id: container.image_id.clone(),
        command: container.config.cmd.join(" "),
        created: 0,
        state: state.status.clone(),
        status,
        labels: container.config.labels.clone(),
        network_settings: container.network_settings.clone(),
        ports: listed_ports(container),
        mounts: container.mounts.clone(),
    }
}

/// While it does not run the engine publishes none.
fn listed_ports(container: &Container) -> Vec<ListedPort> {
    let published = container.host_config.port_bindings.iter().filter(|_| container.state.running);
    let ports = published.flat_map(|(port, hosts)| {
        let protocol = port.split_once('/').map_or("tcp", |(_, protocol)| protocol);
        let hosts = hosts.iter().flatten();
        hosts.map(|host| ListedPort { host: host.port.parse().ok(), protocol: protocol.to_owned() })
    });
    ports.collect()
}

pub fn policy_name(policy: &RestartPolicy) -> &'static str {
    match policy {
        RestartPolicy::No => "no",
        RestartPolicy::Always => "always",
        RestartPolicy::UnlessStopped => "unless-stopped",
        RestartPolicy::OnFailure(_) => "on-failure",
    }
}

/// Labels must all fit: `key` or `key=value`.
pub fn fits(filter: &Filter, key: &str, labels: &BTreeMap<String, String>) -> bool {
    filter.iter().filter(|(found, _)| *found == key).flat_map(|(_, values)| values).all(|wanted| match wanted
        .split_once('=')
    {
        Some((key, value)) => labels.get(key).is_some_and(|found| found == value),
        None => labels.contains_key(wanted),
    })
}

pub fn lines_of(chunk: &Chunk) -> Vec<Chunk> {
    let lines = chunk.bytes.split_inclusive(|byte| *byte == b'\n');
    lines.map(|line| Chunk { source: chunk.source, bytes: Bytes::copy_from_slice(line) }).collect()
}

pub fn nowhere() -> Pin<Box<dyn AsyncWrite + Send>> {
    Box::pin(tokio::io::sink())
}

/// The line that makes a network.
pub fn network_create(plan: &NetworkPlan) -> String {
    let attachable = if plan.attachable { " --attachable" } else { "" };
    let labels: String = plan.labels.iter().map(|(key, value)| format!(" --label {key}={value}")).collect();
    format!("docker network create{attachable}{labels} {}", plan.name)
}

/// What the engine makes of a network's plan.
pub fn made_of(plan: &NetworkPlan) -> Network {
    Network {
        name: plan.name.clone(),
        driver: plan.driver.clone().unwrap_or_else(|| "bridge".to_owned()),
        scope: "local".into(),
        created: Some("2026-01-02T03:04:05.678Z".parse().expect("a time")),
        internal: plan.internal,
        // Only one that was asked for: addresses of others are the tests' own.
        ipam: Ipam {
            config: (plan.subnet.as_deref().or(plan.internal.then_some("172.30.0.0/16")))
                .map(|subnet| AddressPool { subnet: subnet.to_owned() })
                .into_iter()
                .collect(),
        },
        attachable: plan.attachable,
        options: plan.options.clone(),
        ..Network::default()
    }
}

//! One forwarder: a container of the appliance's own image that publishes one port.

use std::collections::BTreeMap;

use crate::kernel::{Ctx, Failure, Result};
use crate::model::RunPlan;
use crate::model::port_map::OutsidePort;
use crate::model::run_plan::{NetworkJoin, PortBinding, RestartPolicy};
use crate::platform::docker::{Container, ContainerSummary, DockerError, Filter, OrGone, RemoveContainer};
use crate::store::forwarders::Meeting;

/// The appliance's own container.
pub struct Own {
    /// The container.
    pub container: Container,
    /// The network that it was started in, which leads out.
    pub network: String,
}

/// The label that holds the port.
const PORT: &str = "com.dokku.forwarder";

/// The label by which containers are told apart.
const KIND: &str = "com.dokku.container-type";

/// What `dokku` is called with in such a container.
pub const WORD: &str = "forward";

/// A compose project leaves alone what its `up` did not make, if it is marked so; its `down` removes it.
const COMPOSE: [&str; 2] = ["com.docker.compose.project", "com.docker.compose.oneoff"];

/// The forwarders that there are, with their ports; running or not.
///
/// # Errors
/// When the engine cannot be asked.
pub async fn all(ctx: &Ctx) -> Result<Vec<(OutsidePort, ContainerSummary)>> {
    let found = ctx.platform.docker.list_containers(&Filter::label(PORT)).await?;
    let port = |one: &ContainerSummary| one.labels.get(PORT)?.parse().ok();
    Ok(found.into_iter().filter_map(|one| Some((port(&one)?, one))).collect())
}

/// Publishes a port.
///
/// # Errors
/// When something else on the host has it, or the engine refuses; nothing is left of it then.
pub async fn start(ctx: &Ctx, own: &Own, meeting: &Meeting, port: OutsidePort) -> Result {
    let docker = &ctx.platform.docker;
    let plan = plan(own, meeting, port);
    if let Some(name) = &plan.name {
        // Whatever is left of an earlier try.
        docker.remove_container(name, RemoveContainer { force: true, volumes: true }).await.or_gone()?;
    }
    let id = docker.create_container(&plan).await?;
    let Err(error) = docker.start_container(&id).await else { return Ok(()) };
    docker.remove_container(&id, RemoveContainer { force: true, volumes: true }).await.or_gone()?;
    Err(not_started(port, &error))
}

/// Takes a port back.
///
/// # Errors
/// When the engine cannot remove the container.
pub async fn remove(ctx: &Ctx, container: &str) -> Result {
    let how = RemoveContainer { force: true, volumes: true };
    Ok(ctx.platform.docker.remove_container(container, how).await.or_gone()?)
}

fn not_started(port: OutsidePort, error: &DockerError) -> Failure {
    let words = error.fault().to_string();
    let is_taken =
        ["already allocated", "already in use", "port is in use"].iter().any(|text| words.contains(text));
    if is_taken {
        return Failure::user(format!("Port {port} of the host is taken by something else"))
            .hint(words)
            .hint("choose another host port, or end what has this one");
    }
    Failure::user(format!("Port {port} of the host cannot be published: {words}"))
}

fn plan(own: &Own, meeting: &Meeting, port: OutsidePort) -> RunPlan {
    let Own { container: own, network } = own;
    let mut plan = RunPlan::of_image(&own.image_id);
    plan.name = Some(format!("{}.port-{}-{}", own.name, port.port, port.protocol()));
    plan.entrypoint = Some(String::new());
    plan.command = vec!["dokku".into(), WORD.into(), port.to_string(), meeting.address.to_string()];
    plan.label = labels(&own.config.labels, port);
    plan.network = [network, &meeting.network].map(|name| NetworkJoin::named(name.clone())).into();
    plan.publish = vec![PortBinding {
        ip: address(own),
        host: Some(port.port.to_string()),
        container: port.port,
        protocol: port.protocol().to_owned(),
    }];
    plan.restart = Some(RestartPolicy::UnlessStopped);
    plan.health.none = true;
    // The image wants a volume; nothing is kept here.
    plan.tmpfs = [("/mnt/dokku", "size=4k"), ("/tmp", "size=1m")]
        .map(|(path, options)| (path.to_owned(), options.to_owned()))
        .into();
    plan.cap_drop = vec!["ALL".to_owned()];
    plan.cap_add = vec!["NET_BIND_SERVICE".to_owned()];
    plan.security_opt = vec!["no-new-privileges".to_owned()];
    plan.read_only = true;
    plan
}

/// Those of the appliance's own container, so that whoever looks after it by them looks after these too.
fn labels(own: &BTreeMap<String, String>, port: OutsidePort) -> BTreeMap<String, String> {
    let mut labels = own.clone();
    let [project, oneoff] = COMPOSE;
    if labels.contains_key(project) {
        labels.insert(oneoff.to_owned(), "True".to_owned());
    }
    labels.insert(KIND.to_owned(), "forwarder".to_owned());
    labels.insert(PORT.to_owned(), port.to_string());
    labels
}

/// The host's address that the appliance publishes its own ports on, where that is not all: who lets nobody in from outside
/// to the web means these ports too.
fn address(own: &Container) -> Option<String> {
    let bindings = own.host_config.port_bindings.values().flatten().flatten();
    let mut addresses: Vec<&str> = bindings.map(|one| one.ip.as_str()).collect();
    addresses.sort_unstable();
    addresses.dedup();
    let is_all = |ip: &&str| matches!(*ip, "" | "0.0.0.0" | "::");
    match addresses.iter().any(is_all) {
        true => None,
        false => addresses.first().map(|ip| (*ip).to_owned()),
    }
}

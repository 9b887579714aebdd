//! Whether a new container is ready to take over.

use crate::kernel::{Ctx, Failure, Result};
use crate::model::{AppName, Dyno, ProcessType};
use crate::platform::docker::Container;
use crate::store::properties;

use super::checks::{self, Target, Verdict};
use super::step::Step;

/// What a process type wants of its new containers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// They must pass their checks while the old ones serve.
    Enabled,
    /// The old ones stop first, nothing is checked.
    Disabled,
    /// Nothing is checked.
    Skipped,
}

/// A container that wants to take over.
pub struct Candidate {
    /// Its app.
    pub app: AppName,
    /// Its place.
    pub dyno: Dyno,
    /// Its id.
    pub id: String,
    /// The port it must listen on; web only.
    pub port: Option<u16>,
}

/// What the app says about checks of this process type (`checks:disable`, `checks:skip`).
///
/// # Errors
/// When the store cannot be read.
pub fn mode(ctx: &Ctx, app: &AppName, process_type: &ProcessType) -> Result<Mode> {
    let named = |key: &str| -> Result<bool> {
        let text = properties::get(ctx.layout(), "checks", &app.into(), key)?.unwrap_or_default();
        Ok(text
            .split([',', '\n'])
            .map(str::trim)
            .any(|word| word == "_all_" || word == process_type.as_str()))
    };
    Ok(match (named("disabled")?, named("skipped")?) {
        (true, _) => Mode::Disabled,
        (false, true) => Mode::Skipped,
        (false, false) => Mode::Enabled,
    })
}

/// How many seconds old containers stay after a switch.
///
/// # Errors
/// When the store cannot be read.
pub fn wait_to_retire(ctx: &Ctx, app: &AppName) -> Result<u32> {
    let text = properties::computed(ctx.layout(), "checks", &app.into(), "wait-to-retire", "60")?;
    Ok(text.parse().unwrap_or(60))
}

/// Waits until the container has shown that it works, and returns its address.
///
/// # Errors
/// When it ends, or does not become ready in time; what it wrote is printed first.
pub async fn ready(ctx: &Ctx, candidate: &Candidate, mode: Mode) -> Result<String> {
    Step::Check.begin(ctx).await;
    let container = ctx.platform.docker.inspect_container(&candidate.id).await?;
    let address = address(&container);
    if mode != Mode::Enabled {
        return Ok(address);
    }
    let Candidate { app, dyno, id, port } = candidate;
    let target = Target {
        app: app.clone(),
        process_type: dyno.process_type.clone(),
        name: dyno.to_string(),
        id: id.clone(),
        address: address.clone(),
        port: *port,
    };
    match checks::pass(ctx, &target).await? {
        Verdict::Passed => Ok(address),
        Verdict::Failed(count) => {
            ctx.out.warn(format!("Could not start due to {count} failed checks ({dyno})"));
            checks::print_output(ctx, app, id, &target.name).await?;
            Err(Failure::user(format!("{dyno} of {app} did not pass its checks"))
                .hint("What it wrote stands above; the previous release serves on"))
        }
    }
}

/// The container's address: on its first network, or that of the host for one without a network of its own.
pub fn address(container: &Container) -> String {
    if container.host_config.network_mode == "host" {
        return "127.0.0.1".to_owned();
    }
    let networks = container.networks();
    let first = networks.get(&container.host_config.network_mode).or_else(|| networks.values().next());
    first.map(|endpoint| endpoint.ip.clone()).unwrap_or_default()
}

//! Whether a new container is ready to take over.

use crate::kernel::{Ctx, Failure, Kind, Result};
use crate::model::{AppName, Dyno, ProcessType};
use crate::store::properties;
use crate::triggers;

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
/// When whoever is asked fails.
pub async fn wait_to_retire(ctx: &Ctx, app: &AppName) -> Result<u32> {
    let key = "wait-to-retire".to_owned();
    let text = ctx.fire(triggers::ChecksGetProperty { app: app.clone(), key }).await?;
    Ok(text.trim().parse().unwrap_or(60))
}

/// Asks whoever has a say in it whether the container works, and returns its address. Our own checks are one
/// listener of `check-deploy`, plugins may be others.
///
/// # Errors
/// When one of them says no; what the container wrote is printed by then.
pub async fn ready(ctx: &Ctx, candidate: &Candidate, mode: Mode) -> Result<String> {
    let Candidate { app, dyno, id, port } = candidate;
    let asked = triggers::NetworkGetIpaddr {
        app: app.clone(),
        process_type: dyno.process_type.clone(),
        container: id.clone(),
    };
    let address = ctx.fire(asked).await?.trim().to_owned();
    Step::Check.begin(ctx).await;
    match mode {
        Mode::Disabled => return Ok(address),
        Mode::Skipped => {}
        Mode::Enabled => ctx.out.detail(format!("Attempting pre-flight checks ({dyno})")),
    }
    let verdict = ctx
        .fire(triggers::CheckDeploy {
            app: app.clone(),
            container_id: id.clone(),
            process_type: dyno.process_type.clone(),
            port: port.map(|port| port.to_string()).unwrap_or_default(),
            ip: address.clone(),
            index: dyno.index.to_string(),
        })
        .await;
    match verdict {
        Ok(()) => Ok(address),
        Err(failure) if matches!(failure.kind, Kind::Inner(_)) => {
            failure.print(&ctx.out);
            Err(Failure::user(format!("{dyno} of {app} did not pass its checks"))
                .hint("What it wrote stands above; the previous release serves on"))
        }
        Err(failure) => Err(failure),
    }
}

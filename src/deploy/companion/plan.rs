//! From a compose file to the container that compose would make of it.

use crate::kernel::{Ctx, Result};
use crate::model::run_plan::NetworkJoin;
use crate::model::{RunPlan, compose};
use crate::store::host_paths::HostPaths;

use super::find::{LABEL, name_of};

/// The plan of the container. Folders of the volume are named as they are in here, and mounted from where the host has
/// them.
///
/// # Errors
/// A compose file that cannot be read, or says what cannot be done without compose.
pub fn plan(ctx: &Ctx, companion: &str, compose_file: &str) -> Result<RunPlan> {
    let service = compose::parse(compose_file)?;
    let mut plan = service.plan()?;
    plan.name = Some(name_of(companion));
    for (key, value) in [
        ("dokku", ""),
        (LABEL, companion),
        ("com.docker.compose.service", service.name.as_str()),
        ("org.label-schema.schema-version", "1.0"),
        ("org.label-schema.vendor", "dokku"),
    ] {
        plan.label.insert(key.to_owned(), value.to_owned());
    }
    let paths = HostPaths::new(ctx.layout(), &ctx.env);
    for volume in &mut plan.volume {
        if let Some((source, rest)) = volume.split_once(':') {
            *volume = format!("{}:{rest}", paths.on_host(source));
        }
    }
    if plan.network.is_empty() {
        plan.network.push(NetworkJoin::named("bridge"));
    }
    Ok(plan)
}

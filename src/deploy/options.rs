//! From the options that listeners printed to a plan that the engine can follow.

use crate::kernel::{Ctx, Result};
use crate::model::{RunPlan, docker_args};
use crate::store::host_paths::HostPaths;
use crate::store::variables::Variables;

/// Adds the options to a plan. The engine mounts what the host has: what is named as it is in here gets the host's path.
///
/// # Errors
/// A quote that does not end, or an option that does not exist.
pub fn add_options(ctx: &Ctx, plan: &mut RunPlan, text: &str, variables: &Variables) -> Result {
    let value = |name: &str| variables.get(name).cloned();
    docker_args::add_run_options(plan, &docker_args::split_words(text)?, &value)?;
    let paths = HostPaths::new(ctx.layout(), &ctx.env);
    for volume in &mut plan.volume {
        *volume = with_source(volume, |source| paths.on_host(source));
    }
    for mount in plan.mount.iter_mut().filter(|mount| mount.kind == "bind") {
        mount.source = paths.on_host(&mount.source);
    }
    Ok(())
}

/// `SOURCE:TARGET[:OPTIONS]` with another source; a volume without a source stays.
fn with_source(volume: &str, change: impl Fn(&str) -> String) -> String {
    match volume.split_once(':') {
        Some((source, rest)) => format!("{}:{rest}", change(source)),
        None => volume.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::with_source;

    #[test]
    fn only_the_source_of_a_mount_changes() {
        let change = |source: &str| format!("/host{source}");
        assert_eq!(with_source("/a:/b:ro", change), "/host/a:/b:ro");
        assert_eq!(with_source("/anonymous", change), "/anonymous");
    }
}

use crate::domains::resource::stored::{BUILD, Kind, for_docker, is_omitted, own};
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Adds the limits of builds, as far as the builder can hold them.
pub struct Build;

/// What holds for a build in a container.
const OF_CONTAINERS: &[(&str, &str)] =
    &[("cpu", "cpus"), ("memory", "memory"), ("memory-swap", "memory-swap"), ("nvidia-gpu", "gpus")];

/// What holds for a build of a Dockerfile.
const OF_DOCKERFILES: &[(&str, &str)] = &[("memory", "memory"), ("memory-swap", "memory-swap")];

impl Reaction for Build {
    type Trigger = triggers::DockerArgsProcessBuild;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        let flags = match trigger.builder.as_str() {
            "herokuish" => OF_CONTAINERS,
            "dockerfile" => OF_DOCKERFILES,
            _ => &[],
        };
        let mut options = String::new();
        if is_omitted(ctx) {
            return Ok(options);
        }
        for (resource, flag) in flags {
            if let Some(value) = own(ctx, &trigger.app, BUILD, Kind::Limit, resource)? {
                options += &format!(" --{flag}={}", for_docker(resource, &value));
            }
        }
        Ok(options)
    }
}

use crate::domains::resource::stored::{BUILD, Kind, for_docker, is_omitted, own};
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::AppName;
use crate::store::builds::settings;
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
        if trigger.builder == "herokuish" {
            options += &of_every_build(ctx, &trigger.app).await?;
        }
        Ok(options)
    }
}

/// A build yields to whatever serves: of processors that both want, an app gets four times as much.
const SHARES: &str = " --cpu-shares=256";

/// What holds where the app's own limits say nothing: `builds:set`, else room for the apps that run.
async fn of_every_build(ctx: &Ctx, app: &AppName) -> Result<String> {
    let mut options = String::new();
    if own(ctx, app, BUILD, Kind::Limit, "cpu")?.is_none() {
        match settings::limit(ctx.layout(), app, settings::CPU_LIMIT)?.as_str() {
            settings::NONE => {}
            "" => options += SHARES,
            count => options += &format!("{SHARES} --cpus={count}"),
        }
    }
    if own(ctx, app, BUILD, Kind::Limit, "memory")?.is_none() {
        match settings::limit(ctx.layout(), app, settings::MEMORY_LIMIT)?.as_str() {
            settings::NONE => {}
            "" => {
                // Three quarters of what the engine's machine has.
                let total = ctx.platform.docker.info().await?.mem_total;
                if total > 0 {
                    options += &format!(" --memory={}m", (total / 4 * 3) >> 20);
                }
            }
            size => options += &format!(" --memory={size}"),
        }
    }
    Ok(options)
}

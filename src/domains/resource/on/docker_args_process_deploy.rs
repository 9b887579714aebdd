use crate::domains::resource::stored::{ALL, Kind, effective, for_docker, is_omitted};
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Adds limits and reservations of a process type. A task of app.json gets those of all.
pub struct Deploy;

/// Resources that Docker knows, and the flags they become.
const FLAGS: [(Kind, &str, &str); 5] = [
    (Kind::Limit, "cpu", "cpus"),
    (Kind::Limit, "memory", "memory"),
    (Kind::Limit, "memory-swap", "memory-swap"),
    (Kind::Limit, "nvidia-gpu", "gpus"),
    (Kind::Reserve, "memory", "memory-reservation"),
];

impl Reaction for Deploy {
    type Trigger = triggers::DockerArgsProcessDeploy;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        if is_omitted(ctx) {
            return Ok(String::new());
        }
        let process_type = trigger.process_type.as_ref().map_or(ALL, |name| name.as_str());
        let mut options = String::new();
        for (kind, resource, flag) in FLAGS {
            if let Some(value) = effective(ctx, &trigger.app, process_type, kind, resource)? {
                options += &format!(" --{flag}={}", for_docker(resource, &value));
            }
        }
        Ok(options)
    }
}

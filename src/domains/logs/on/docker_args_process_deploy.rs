use crate::domains::logs::properties::PROPERTIES;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::properties;
use crate::triggers;

/// Bounds the log of a container, where the engine keeps it in files of its own.
pub struct MaxSize;

impl Reaction for MaxSize {
    type Trigger = triggers::DockerArgsProcessDeploy;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        let size = PROPERTIES.computed(ctx, &Scope::from(&trigger.app), "max-size")?;
        let options =
            properties::list(ctx.layout(), "docker-options", &Scope::from(&trigger.app), "_default_.deploy")?;
        let chosen = options.iter().find_map(|option| option.strip_prefix("--log-driver="));
        let driver = match chosen {
            Some(driver) => driver.to_owned(),
            None => ctx.platform.docker.info().await?.logging_driver,
        };
        let is_bounded = size != "unlimited" && matches!(driver.as_str(), "json-file" | "local");
        Ok(if is_bounded { format!(" --log-opt=max-size={size}") } else { String::new() })
    }
}

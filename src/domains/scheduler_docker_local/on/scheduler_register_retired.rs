use crate::kernel::{Ctx, Reaction, Result};
use crate::platform::docker::{DockerError, Filter};
use crate::store::retired::{Retired, Waiting};
use crate::triggers;

/// Remembers when a container may go, and its image if no other container of the app uses it.
pub struct Register;

impl Reaction for Register {
    type Trigger = triggers::SchedulerRegisterRetired;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        if trigger.container_id.is_empty() {
            return Ok(());
        }
        let wait = i64::from(trigger.wait.unwrap_or(60));
        let since = ctx.platform.clock.now().as_second() + wait;
        let waiting = |id: &str| Waiting { app: trigger.app.clone(), id: id.to_owned(), since };
        Retired::Container.register(ctx.layout(), waiting(&trigger.container_id))?;
        if ctx.env.get("DOKKU_SKIP_IMAGE_RETIRE") == Some("true") {
            return Ok(());
        }
        match image_to_retire(ctx, trigger).await? {
            Some(image) => Ok(Retired::Image.register(ctx.layout(), waiting(&image))?),
            None => Ok(()),
        }
    }
}
/// The id of the container's image, unless a container that stays uses it.
async fn image_to_retire(ctx: &Ctx, trigger: &triggers::SchedulerRegisterRetired) -> Result<Option<String>> {
    let docker = &ctx.platform.docker;
    let container = match docker.inspect_container(&trigger.container_id).await {
        Ok(container) => container,
        Err(DockerError::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let going = Retired::Container.all(ctx.layout())?;
    let filter = Filter::label(format!("com.dokku.app-name={}", trigger.app)).and("status", "running");
    let is_used = docker.list_containers(&filter).await?.iter().any(|other| {
        other.image_id == container.image_id
            && other.id != container.id
            && !going.iter().any(|one| other.id.starts_with(&one.id))
    });
    let id = container.image_id.trim_start_matches("sha256:");
    Ok((!is_used && !id.is_empty()).then(|| id.to_owned()))
}

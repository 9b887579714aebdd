use crate::deploy::networks::{Guest, attach, attached};
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::AppName;
use crate::triggers;

/// Lets a container of an app join the networks of `attach-post-create`. Only what serves gets a name there: a build
/// or a one-off container must not be asked in its place.
pub struct Attach;

impl Reaction for Attach {
    type Trigger = triggers::PostContainerCreate;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        if trigger.kind != "app" {
            return Ok(());
        }
        let app: AppName = trigger.app.parse()?;
        let networks = attached(ctx, &app, "attach-post-create")?;
        if networks.is_empty() {
            return Ok(());
        }
        let serves_as = trigger.process_type.as_ref().filter(|_| trigger.phase == "deploy");
        attach(ctx, &Guest { app: &app, id: &trigger.container_id, serves_as }, &networks).await
    }
}

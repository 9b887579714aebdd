use crate::domains::registry::server;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// The registry in front of it.
pub struct Server;

impl Reaction for Server {
    type Trigger = triggers::DeployedAppRepository;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        server::of_images(ctx, &trigger.app)
    }
}

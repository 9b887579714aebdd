use crate::domains::registry::image_repo;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::triggers;

/// The repository part of the names of an app's images.
pub struct Repository;

impl Reaction for Repository {
    type Trigger = triggers::DeployedAppImageRepo;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        image_repo(ctx, &Scope::from(&trigger.app))
    }
}

use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::platform::files;
use crate::triggers::PostCreate;

/// Makes the folder that the variables will be in.
pub struct OnPostCreate;

impl Reaction for OnPostCreate {
    type Trigger = PostCreate;

    async fn react(ctx: &Ctx, trigger: &PostCreate) -> Result {
        let file = ctx.layout().variables(&Scope::from(&trigger.app));
        Ok(file.parent().map_or(Ok(()), |folder| files::create_folders(folder, 0o755))?)
    }
}

use crate::domains::nginx::pre_validate::pre_validate;
use crate::domains::nginx::{build, own_template};
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Tries the app's own template before anything is built: a mistake in it ends the push at once.
pub struct CheckTemplate;

impl Reaction for CheckTemplate {
    type Trigger = triggers::CorePostExtract;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let app = &trigger.app;
        match own_template::of_app(ctx, app)? {
            Some(own) if build::is_ours(ctx, app).await? => pre_validate(ctx, app, &own).await,
            Some(_) | None => Ok(()),
        }
    }
}

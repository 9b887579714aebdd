use crate::domains::apps::create;
use crate::kernel::{Ctx, Failure, Reaction, Result};
use crate::model::Scope;
use crate::store::{apps, properties};
use crate::triggers::AppMaybeCreate;

/// Makes the app unless it is there or `disable-autocreation` is on.
pub struct OnAppMaybeCreate;

impl Reaction for OnAppMaybeCreate {
    type Trigger = AppMaybeCreate;

    async fn react(ctx: &Ctx, trigger: &AppMaybeCreate) -> Result {
        if apps::exists(ctx.layout(), &trigger.app) {
            return Ok(());
        }
        let off = properties::get(ctx.layout(), "apps", &Scope::Global, "disable-autocreation")?;
        if off.as_deref() == Some("true") {
            return Err(Failure::user(format!(
                "App auto-creation disabled.\nRe-enable app auto-creation or create an app with 'dokku apps:create {}'",
                trigger.app
            )));
        }
        create::create(&ctx.silenced(), &trigger.app).await
    }
}

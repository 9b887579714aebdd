use crate::domains::proxy::properties::PROPERTIES;
use crate::kernel::{Ctx, Reaction, Result, Trigger};
use crate::model::Scope;
use crate::store::properties;
use crate::triggers;

/// Which proxy routes to the app: the one that was chosen, else one that offers itself, else nginx.
pub struct Type;

impl Reaction for Type {
    type Trigger = triggers::ProxyType;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        let chosen =
            properties::computed(ctx.layout(), PROPERTIES.plugin, &Scope::from(&trigger.app), "type", "")?;
        if !chosen.is_empty() {
            return Ok(chosen + "\n");
        }
        let default = PROPERTIES.default_of("type").to_owned() + "\n";
        if ctx.bus.externals(ctx.layout(), triggers::ProxyOffer::NAME)?.is_empty() {
            return Ok(default);
        }
        let offers = ctx.fire(triggers::ProxyOffer { app: trigger.app.clone() }).await?;
        let first = offers.into_iter().find(|name| !name.trim().is_empty());
        Ok(first.map_or(default, |name| name + "\n"))
    }
}

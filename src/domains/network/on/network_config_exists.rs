use crate::domains::network::listeners;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::ProcessType;
use crate::platform::files;
use crate::triggers;

/// Whether the first web container has an address and a port on record, or the app a fixed upstream.
pub struct Exists;

impl Reaction for Exists {
    type Trigger = triggers::NetworkConfigExists;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<bool> {
        let (layout, web) = (ctx.layout(), ProcessType::web());
        let on_record = files::exists(&layout.container_ip(&trigger.app, &web, 1))
            && files::exists(&layout.container_port(&trigger.app, &web, 1));
        Ok(on_record || !listeners::fixed(ctx, &trigger.app)?.is_empty())
    }
}

use crate::kernel::{Ctx, Reaction, Result};
use crate::platform::listening;
use crate::triggers;

/// A port that nobody listens on.
pub struct Available;

impl Reaction for Available {
    type Trigger = triggers::PortsGetAvailable;

    async fn react(ctx: &Ctx, _: &Self::Trigger) -> Result<String> {
        Ok(format!("{}\n", listening::free_port(ctx.platform.random.as_ref())))
    }
}

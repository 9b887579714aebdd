use crate::kernel::{Ctx, Reaction, Result};
use crate::store::addresses;
use crate::triggers;

/// Remembers the port of a container.
pub struct Write;

impl Reaction for Write {
    type Trigger = triggers::NetworkWritePort;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let triggers::NetworkWritePort { app, process_type, index, port } = trigger;
        Ok(addresses::write_port(ctx.layout(), app, process_type, *index, port)?)
    }
}

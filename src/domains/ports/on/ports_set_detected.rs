use crate::kernel::{Ctx, Reaction, Result};
use crate::model::port_map;
use crate::store::ports;
use crate::triggers;

/// Remembers what a build found to be exposed.
pub struct Remember;

impl Reaction for Remember {
    type Trigger = triggers::PortsSetDetected;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let _lock = ports::locked(ctx.layout(), &trigger.app)?;
        let mut maps = port_map::stored(&trigger.mappings);
        let mut seen = std::collections::BTreeSet::new();
        maps.retain(|map| seen.insert((map.scheme, map.host_port)));
        Ok(ports::set_detected(ctx.layout(), &trigger.app, &maps)?)
    }
}

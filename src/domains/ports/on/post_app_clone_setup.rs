use crate::kernel::{Ctx, Reaction, Result};
use crate::model::port_map;
use crate::store::{ports, properties};
use crate::triggers;

/// Gives a clone the mappings of its original, but for ports that only one app can have.
pub struct Copy;

impl Reaction for Copy {
    type Trigger = triggers::PostAppCloneSetup;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let (layout, new) = (ctx.layout(), &trigger.new);
        properties::copy(layout, "ports", &trigger.old, new)?;
        let _lock = ports::locked(layout, new)?;
        let (kept, left): (Vec<_>, Vec<_>) =
            ports::user(layout, new)?.into_iter().partition(|map| !map.scheme.is_stream());
        if left.is_empty() {
            return Ok(());
        }
        ctx.out.warn(format!("Stays with {} alone: {}", trigger.old, port_map::sorted(&left).join(" ")));
        Ok(ports::set_user(layout, new, &kept)?)
    }
}

use crate::domains::network::listeners;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::ProcessType;
use crate::triggers;

/// Where the containers of a process type listen.
pub struct Listeners;

impl Reaction for Listeners {
    type Trigger = triggers::NetworkGetListeners;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        if trigger.process_type.is_none() {
            ctx.out.warn(format!(
                "Deprecated: Please specify a processType argument for the {} plugin trigger",
                <triggers::NetworkGetListeners as crate::kernel::Trigger>::NAME
            ));
        }
        let process_type = trigger.process_type.clone().unwrap_or_else(ProcessType::web);
        Ok(format!("{}\n", listeners::of(ctx, &trigger.app, &process_type)?.join(" ")))
    }
}

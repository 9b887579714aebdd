use crate::kernel::{Ctx, Reaction, Result};
use crate::store::properties;
use crate::triggers;

/// `builder-detect`: the builder that was selected by hand wins over all others.
pub struct BuilderDetect;

impl Reaction for BuilderDetect {
    type Trigger = triggers::BuilderDetect;

    async fn react(ctx: &Ctx, trigger: &triggers::BuilderDetect) -> Result<Vec<String>> {
        let selected = properties::computed(ctx.layout(), "builder", &(&trigger.app).into(), "selected", "")?;
        Ok(if selected.is_empty() { Vec::new() } else { vec![selected] })
    }
}

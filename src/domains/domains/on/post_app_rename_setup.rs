use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::vhosts;
use crate::triggers;

/// Takes the domains along; those made of the app's name and a global domain bear the new name.
pub struct TakeAlong;

impl Reaction for TakeAlong {
    type Trigger = triggers::PostAppRenameSetup;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let old = Scope::from(&trigger.old);
        if !vhosts::exists(ctx.layout(), &old) {
            return Ok(());
        }
        let globals = vhosts::read(ctx.layout(), &Scope::Global)?;
        let renamed: Vec<String> = vhosts::read(ctx.layout(), &old)?
            .iter()
            .map(|domain| rename(domain, trigger, &globals))
            .collect();
        Ok(vhosts::write(ctx.layout(), &Scope::from(&trigger.new), &renamed)?)
    }
}

fn rename(domain: &str, trigger: &triggers::PostAppRenameSetup, globals: &[String]) -> String {
    let renamed = globals.iter().find_map(|global| {
        let before = domain.strip_suffix(&format!("{}.{global}", trigger.old))?;
        let is_whole = before.is_empty() || before.ends_with('.');
        is_whole.then(|| format!("{before}{}.{global}", trigger.new))
    });
    renamed.unwrap_or_else(|| domain.to_owned())
}

use crate::domains::domains::owners;
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
        let before = vhosts::read(ctx.layout(), &old)?;
        let mut renamed: Vec<String> =
            before.iter().map(|domain| rename(domain, trigger, &globals)).collect();
        let new: Vec<String> = renamed.iter().filter(|domain| !before.contains(domain)).cloned().collect();
        for taken in owners::taken(ctx, &trigger.new, &new).await? {
            owners::say_left_out(ctx, &trigger.new, &taken);
            renamed.retain(|domain| *domain != taken.domain);
        }
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

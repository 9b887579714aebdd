use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::{properties, variables};
use crate::triggers::GitRevision;

/// Answers with the commit that is deployed.
pub struct OnGitRevision;

impl Reaction for OnGitRevision {
    type Trigger = GitRevision;

    async fn react(ctx: &Ctx, trigger: &GitRevision) -> Result<String> {
        let scope = Scope::from(&trigger.app);
        let name = properties::get(ctx.layout(), "git", &scope, "rev-env-var")?;
        let name = name.unwrap_or_else(|| "GIT_REV".to_owned());
        let variables = variables::own(ctx.layout(), &scope)?;
        Ok(variables.get(&name).map(|revision| format!("{revision}\n")).unwrap_or_default())
    }
}

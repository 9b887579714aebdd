use crate::kernel::{Ctx, Failure, Reaction, Result};
use crate::model::Scope;
use crate::store::properties;
use crate::triggers::GitGetProperty;

/// Answers with the image that the app is deployed from; other properties are not told.
pub struct OnGitGetProperty;

impl Reaction for OnGitGetProperty {
    type Trigger = GitGetProperty;

    async fn react(ctx: &Ctx, trigger: &GitGetProperty) -> Result<String> {
        if trigger.key != "source-image" {
            return Err(Failure::user(format!("Invalid git property specified: {}", trigger.key)));
        }
        let value = properties::get(ctx.layout(), "git", &Scope::from(&trigger.app), &trigger.key)?;
        Ok(value.unwrap_or_default() + "\n")
    }
}

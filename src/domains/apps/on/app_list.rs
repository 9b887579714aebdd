use crate::kernel::{Ctx, Reaction, Result};
use crate::store::apps;
use crate::triggers::AppList;

/// Answers with the names.
pub struct OnAppList;

impl Reaction for OnAppList {
    type Trigger = AppList;

    async fn react(ctx: &Ctx, trigger: &AppList) -> Result<Vec<String>> {
        let apps = if trigger.filter == "false" { apps::all(ctx.layout())? } else { ctx.apps()? };
        Ok(apps.iter().map(ToString::to_string).collect())
    }
}

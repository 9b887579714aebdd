use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::{AppName, BuildpackUrl};
use crate::store::buildpacks;

/// Add a buildpack
///
/// It becomes the last one, unless an index says before which other it stands.
#[derive(clap::Args)]
pub struct Add {
    /// Where in the list, from 1; behind the last one without it
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    index: usize,
    /// Name of the app
    app: AppName,
    /// owner/name, or the url of a repository
    #[arg(default_value = "", hide_default_value = true)]
    buildpack: String,
}

impl Command for Add {
    const NAME: &'static str = "buildpacks:add";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        let url: BuildpackUrl = self.buildpack.parse()?;
        buildpacks::change(ctx.layout(), &self.app, |list| {
            let at = if self.index == 0 { list.len() } else { (self.index - 1).min(list.len()) };
            list.insert(at, url.to_string());
            Ok(())
        })
    }
}

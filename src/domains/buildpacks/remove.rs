use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::{AppName, BuildpackUrl};
use crate::store::buildpacks;

/// Remove a buildpack, by its url or by its place in the list
#[derive(clap::Args)]
pub struct Remove {
    /// Which one of the list, from 1
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    index: usize,
    /// Name of the app
    app: AppName,
    /// owner/name, or the url of a repository
    #[arg(default_value = "", hide_default_value = true)]
    buildpack: String,
}

impl Command for Remove {
    const NAME: &'static str = "buildpacks:remove";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let Remove { index, app, buildpack } = self;
        ctx.require_app(&app)?;
        match (index, buildpack.as_str()) {
            (0, "") => {
                return Err(Failure::user("Must specify a buildpack to remove, either by index or URL"));
            }
            (0, _) | (_, "") => {}
            (_, _) => return Err(Failure::user("Please choose either index or Buildpack, but not both")),
        }
        let url = if index == 0 { Some(buildpack.parse::<BuildpackUrl>()?.to_string()) } else { None };
        buildpacks::change(ctx.layout(), &app, |list| {
            if list.is_empty() {
                return Err(Failure::user(format!(
                    "No buildpacks were found, next release on {app} will detect buildpack normally"
                )));
            }
            let gone = match url {
                Some(url) if list.contains(&url) => url,
                Some(_) => return Err(Failure::user("Value not found")),
                None => list.get(index - 1).cloned().ok_or_else(|| Failure::user("Index not found"))?,
            };
            ctx.out.unless_quiet().step(format!("Removing {gone}"));
            list.retain(|url| *url != gone);
            Ok(())
        })
    }
}

use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::{AppName, BuildpackUrl};
use crate::store::buildpacks;

/// Replace a buildpack, or all of them
///
/// Without an index it is the first one that is replaced. An index behind the end adds one.
#[derive(clap::Args)]
pub struct Set {
    /// Which one of the list, from 1
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    index: usize,
    /// Replace the whole list
    #[arg(long)]
    replace: bool,
    /// Name of the app
    app: AppName,
    /// owner/name, or the url of a repository; several with --replace
    #[arg(value_name = "BUILDPACK")]
    buildpacks: Vec<String>,
}

impl Command for Set {
    const NAME: &'static str = "buildpacks:set";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let Set { index, replace, app, buildpacks } = self;
        ctx.require_app(&app)?;
        check(index, replace, buildpacks.len())?;
        let mut urls = Vec::new();
        for text in buildpacks {
            urls.push(text.parse::<BuildpackUrl>()?.to_string());
        }
        buildpacks::change(ctx.layout(), &app, |list| {
            if replace {
                *list = urls;
                return Ok(());
            }
            let at = index.saturating_sub(1).min(list.len());
            list.splice(at..(at + 1).min(list.len()), urls);
            Ok(())
        })
    }
}

fn check(index: usize, replace: bool, count: usize) -> Result {
    let wrong = match (replace, count) {
        (true, _) if index != 0 => "The --index flag cannot be used with --replace",
        (true, 0) => "Must specify at least one buildpack, use buildpacks:clear to remove all buildpacks",
        (false, 0) => "Must specify a buildpack",
        (true, _) | (false, 1) => return Ok(()),
        (false, _) => "Setting multiple buildpacks requires the --replace flag",
    };
    Err(Failure::user(wrong))
}

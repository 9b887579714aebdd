use super::{after, compatible, fetch};
use crate::kernel::{Command, Ctx, Failure, Result};
use crate::platform::files;
use crate::platform::git::without_login;
use crate::store::plugins::{self, Change, Installed};
use crate::triggers;

/// Update a plugin, or all, from where they came
///
/// A plugin that was installed at a branch, tag or commit stays on it unless another is named. What the plugin
/// made in its folder itself is kept. One whose new version says it does not work with this version of Dokku stays as
/// it is, unless `--force` is given. Then the trigger `update` is fired at all plugins.
#[derive(clap::Args)]
pub struct Update {
    /// Name of the plugin; all that are enabled without one
    name: Option<String>,
    /// Branch, tag or commit
    committish: Option<String>,
}

impl Command for Update {
    const NAME: &'static str = "plugin:update";

    async fn run(self, ctx: &Ctx) -> Result {
        let change = Change::begin(ctx.layout())?;
        let enabled = plugins::installed(ctx.layout())?.into_iter().filter(|plugin| plugin.is_enabled);
        match &self.name {
            Some(name) => {
                let name = plugins::checked(name)?;
                if super::is_core(ctx, name) {
                    return Err(Failure::user(
                        "Cannot trigger plugin:update against core plugin, please update Dokku instead",
                    ));
                }
                let Some(plugin) = enabled.into_iter().find(|plugin| plugin.name == name) else {
                    return Err(Failure::user("Specified plugin not enabled or installed"));
                };
                update(ctx, &plugin, self.committish.as_deref())?;
            }
            None => {
                for plugin in enabled {
                    update(ctx, &plugin, None)?;
                }
            }
        }
        drop(change);
        after::renewed(ctx).fire(triggers::Update {}).await?;
        after::give_to_dokku(ctx)?;
        after::follow(ctx).await
    }
}

fn update(ctx: &Ctx, plugin: &Installed, committish: Option<&str>) -> Result {
    let name = &plugin.name;
    let Some(from) = plugins::origin(plugin)? else {
        ctx.out.warn(format!("Plugin {name} did not come from git, it stays as it is"));
        return Ok(());
    };
    let Some(url) = &from.url else {
        return Err(Failure::user(format!("Plugin {name} does not say where it came from"))
            .hint(format!("git -C {} remote add origin URL", plugin.folder.display())));
    };
    let kept = plugins::committish(&plugin.folder)?;
    let wanted = committish.or(kept.as_deref()).or(from.branch.as_deref());
    let out = ctx.out.unless_quiet();
    out.step(format!("Updating plugin {name} from {}", without_login(url)));
    let fresh = ctx.layout().plugins_available().join(format!(".{name}.update"));
    files::remove_folder(&fresh)?;
    let cloned = fetch::fetch(ctx, url, wanted, &fresh)?;
    if let Err(failure) = compatible::require_in(ctx, name, &fresh) {
        files::remove_folder(&fresh)?;
        return Err(failure.hint(format!("{name} stays as it is")));
    }
    if let Some(committish) = committish.or(kept.as_deref()) {
        plugins::set_committish(&fresh, committish)?;
    }
    let is_news = cloned.commit != from.commit;
    plugins::replace(ctx.layout(), plugin, &from.commit, &fresh)?;
    out.detail(if is_news {
        format!("{name} is at {} now", cloned.commit)
    } else {
        format!("{name} has nothing new")
    });
    Ok(())
}

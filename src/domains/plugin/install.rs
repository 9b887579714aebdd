use std::path::Path;

use super::{after, compatible, fetch};
use crate::kernel::{Command, Ctx, Failure, Result};
use crate::platform::git::without_login;
use crate::store::plugins::{self, Change};
use crate::triggers;

/// Install a plugin from its git repository, or from an archive
///
/// It is cloned, enabled, and the trigger `install` is fired at all plugins. Without a URL only that trigger is
/// fired, which a plugin must stand at any time. An installation that is cut off leaves nothing behind. A plugin that
/// says it does not work with this version of Dokku is refused, unless `--force` is given.
#[derive(clap::Args)]
pub struct Install {
    /// Fire the trigger at core plugins alone
    #[arg(long)]
    core: bool,
    /// Branch, tag or commit; the repository's own branch without one
    #[arg(long, value_name = "REF")]
    committish: Option<String>,
    /// Name of the plugin; the last part of the URL without one
    #[arg(long)]
    name: Option<String>,
    /// Without a URL: fire the trigger at each plugin, whatever became of the others
    #[arg(long, conflicts_with = "url")]
    keep_going: bool,
    /// Do not fire the trigger
    #[arg(long)]
    skip_install_trigger: bool,
    /// Where it comes from: https:, git:, ssh: or file:, or a .tar.gz
    url: Option<String>,
    /// Nothing
    #[arg(allow_hyphen_values = true, hide = true)]
    others: Vec<String>,
}

impl Command for Install {
    const NAME: &'static str = "plugin:install";

    async fn run(self, ctx: &Ctx) -> Result {
        if self.core {
            if self.url.is_some() {
                ctx.out
                    .unless_quiet()
                    .step("Cannot install additional core plugins, running core plugin install trigger");
            }
            after::core_alone(ctx).fire(triggers::Install {}).await?;
        } else if let Some(url) = &self.url {
            if !fetch::is_url(url) || !self.others.is_empty() {
                return Err(fetch::refuse(ctx));
            }
            self.install(ctx, url).await?;
        } else if self.keep_going {
            after::fire_at_each(ctx, || triggers::Install {}).await?;
        } else {
            after::renewed(ctx).fire(triggers::Install {}).await?;
        }
        after::give_to_dokku(ctx)?;
        after::follow(ctx).await
    }
}

impl Install {
    async fn install(&self, ctx: &Ctx, url: &str) -> Result {
        let layout = ctx.layout();
        let name = plugins::checked(self.name.as_deref().unwrap_or_else(|| fetch::default_name(url)))?;
        if super::is_core(ctx, name) {
            return Err(Failure::user(format!("There is a core plugin of the name {name}"))
                .hint("Give the new one another name: --name NAME"));
        }
        if self.committish.is_some() && fetch::is_archive(url) {
            return Err(Failure::user("An archive has no branches, tags or commits: leave --committish out"));
        }
        let change = Change::begin(layout)?;
        if plugins::find(layout, name)?.is_some() {
            return Err(Failure::user(format!("Plugin {name} is already installed"))
                .hint(format!("A newer version: dokku plugin:update {name}")));
        }
        let folder = layout.plugins_available().join(name);
        let out = ctx.out.unless_quiet();
        out.step(format!("Cloning plugin repo {} to {}", without_login(url), folder.display()));
        change.start_installing(layout, name)?;
        let installed = self.clone_and_enable(ctx, url, name, &folder);
        if installed.is_ok() && !self.skip_install_trigger {
            out.step(format!("Plugin {name} enabled"));
            // A failure is the plugin's to mend: it stays, as in Dokku, and can be tried again.
            let fired = after::renewed(ctx).fire(triggers::Install {}).await;
            change.finish(layout, name)?;
            return fired.map_err(|failure| {
                failure
                    .hint(format!("Again: dokku plugin:install. Away with it: dokku plugin:uninstall {name}"))
            });
        }
        change.finish(layout, name)?;
        installed
    }

    fn clone_and_enable(&self, ctx: &Ctx, url: &str, name: &str, folder: &Path) -> Result {
        if fetch::is_archive(url) {
            fetch::fetch_archive(ctx, url, folder)?;
        } else {
            fetch::fetch(ctx, url, self.committish.as_deref(), folder)?;
        }
        if let Err(failure) = compatible::require_in(ctx, name, folder) {
            plugins::remove(ctx.layout(), name)?;
            return Err(failure);
        }
        if let Some(committish) = &self.committish {
            plugins::set_committish(folder, committish)?;
        }
        Ok(plugins::enable(ctx.layout(), name)?)
    }
}

//! What there is to say of a plugin, a line per kind.

use std::time::Duration;

use serde::Serialize;

use super::roles;
use crate::kernel::{Ctx, Result};
use crate::model::{Daemon, Fault, InContainer, Outcome, PluginManifest, PluginTable};
use crate::platform::{files, json_lines};
use crate::store::plugin_settings;
use crate::store::plugins::Installed;

/// How long a daemon may take to take a connection: it may have ended a moment ago.
const PATIENCE: Duration = Duration::from_secs(1);

/// How it stands with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// As it should be.
    Ok,
    /// Not used, for the plugin is disabled.
    Off,
    /// To be mended.
    Wrong,
}

impl State {
    /// As it is printed.
    pub fn word(self) -> &'static str {
        match self {
            State::Ok => "ok",
            State::Off => "off",
            State::Wrong => "wrong",
        }
    }
}

/// A line of `plugin:check`.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// Of which plugin.
    pub plugin: String,
    /// About what: `manifest`, `compatible`, `config`, `daemon`, `external`, `roles`.
    pub kind: &'static str,
    /// How it stands.
    pub state: State,
    /// In words.
    pub about: String,
}

/// All lines of a plugin. `version` is the version of Dokku it is held against.
///
/// # Errors
/// When its folder cannot be read.
pub async fn findings(ctx: &Ctx, plugin: &Installed, version: &str) -> Result<Vec<Finding>> {
    let mut all = Vec::new();
    let mut add = |kind, outcome: Outcome<String>| {
        let (state, about) = match outcome {
            Ok(about) if plugin.is_enabled => (State::Ok, about),
            Err(fault) if plugin.is_enabled => (State::Wrong, first_line(&fault.message)),
            Ok(about) => (State::Off, about),
            Err(fault) => (State::Off, first_line(&fault.message)),
        };
        all.push(Finding { plugin: plugin.name.clone(), kind, state, about });
    };
    let has_file = files::exists(&plugin.folder.join("plugin.toml"));
    let (manifest, told) = match plugin.manifest() {
        Ok(manifest) if has_file => {
            let told = format!("version {}", manifest.plugin.version);
            (manifest, Ok(told))
        }
        Ok(manifest) => (manifest, Ok("no plugin.toml: no version, no settings".to_owned())),
        Err(fault) => (PluginManifest::default(), Err(fault)),
    };
    let about = &manifest.plugin;
    add("manifest", told);
    if !about.compatible.dokku.is_empty() {
        add("compatible", compatible(&manifest, version));
    }
    if !about.config.is_empty() {
        add("config", config(ctx, plugin, &manifest));
    }
    if let Some(daemon) = &about.daemon {
        let found = match plugin.is_enabled {
            true => running(ctx, plugin, daemon).await,
            false => Ok(format!("takes {}", daemon.triggers.join(", "))),
        };
        add("daemon", found);
    }
    if let Some(container) = &about.external {
        add("external", image(ctx, container).await);
    }
    let taken = roles(plugin, about);
    if !taken.is_empty() {
        add("roles", Ok(taken.join(", ")));
    }
    Ok(all)
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

fn compatible(manifest: &PluginManifest, version: &str) -> Outcome<String> {
    super::compatible::require(manifest, version)?;
    Ok(format!("needs Dokku {}, held against {version}", manifest.plugin.compatible.dokku))
}

fn config(ctx: &Ctx, plugin: &Installed, manifest: &PluginManifest) -> Outcome<String> {
    let chosen = plugin_settings::chosen(ctx.layout(), &plugin.name)?;
    let said = |key: &String| match chosen.contains_key(key) {
        true => format!("{key} (set)"),
        false => key.clone(),
    };
    let keys: Vec<String> = manifest.plugin.config.keys().map(said).collect();
    Ok(keys.join(", "))
}

/// Whether its daemon can be started, and answers.
async fn running(ctx: &Ctx, plugin: &Installed, daemon: &Daemon) -> Outcome<String> {
    let program = plugin.folder.join(&daemon.program);
    if daemon.program.is_empty() || !files::is_executable(&program) {
        return Err(Fault::new(format!("its program {} cannot be run", program.display())));
    }
    required(&daemon.triggers)?;
    json_lines::connect(&ctx.layout().plugin_socket(&plugin.name), PATIENCE).await?;
    Ok(format!("runs, takes {}", daemon.triggers.join(", ")))
}

/// Whether its containers can be made.
async fn image(ctx: &Ctx, container: &InContainer) -> Outcome<String> {
    if container.image.is_empty() {
        return Err(Fault::new("it names no image"));
    }
    required(&container.triggers)?;
    let taken = container.triggers.join(", ");
    match ctx.platform.docker.inspect_image(&container.image).await {
        Ok(_) => Ok(format!("image {}, takes {taken}", container.image)),
        Err(error) if error.is_not_found() => {
            Ok(format!("image {}, fetched when first needed, takes {taken}", container.image))
        }
        Err(error) => Err(error.into()),
    }
}

fn required(triggers: &[String]) -> Outcome {
    match triggers.is_empty() {
        true => Err(Fault::new("it names no triggers, and so is never asked")),
        false => Ok(()),
    }
}

/// What the plugin can be chosen for, by the triggers it listens to.
fn roles(plugin: &Installed, about: &PluginTable) -> Vec<String> {
    let sent =
        [about.daemon.as_ref().map(|one| &one.triggers), about.external.as_ref().map(|one| &one.triggers)];
    let is_sent =
        |trigger: &str| sent.iter().flatten().any(|triggers| triggers.iter().any(|one| one == trigger));
    roles::of(|trigger| is_sent(trigger) || files::is_executable(&plugin.folder.join(trigger)))
}

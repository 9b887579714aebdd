//! Programs of plugins: how they are started, whatever they are for.

use std::path::Path;
use std::sync::Arc;

use super::bus::Plugin;
use super::call::Input;
use super::ctx::Ctx;
use super::failure::Result;
use super::output::Stream;
use crate::model::{Outcome, PluginManifest};
use crate::platform::process::{self, Ended};
use crate::platform::{env::Env, files};

/// Runs a plugin's program in the caller's folder, with the environment of the command and the plugin's own
/// settings.
///
/// # Errors
/// When it cannot be started. Its status is for the caller to judge.
pub async fn run(
    ctx: &Ctx,
    plugin: &Plugin,
    path: &Path,
    arguments: &[String],
    input: &Input,
    is_captured: bool,
) -> Result<Ended> {
    let sink = ctx.out.sink();
    let output = match (is_captured, sink.is_inheritable()) {
        (true, _) => process::Output::Captured,
        (false, true) => process::Output::Inherited,
        (false, false) => process::Output::Forwarded(Arc::new(move |is_error, bytes: &[u8]| {
            let stream = if is_error { Stream::Stderr } else { Stream::Stdout };
            // Whoever reads may be gone; the plugin goes on.
            let _ = sink.write(stream, bytes);
        })),
    };
    let ended = process::run(process::Program {
        path: path.to_owned(),
        arguments: arguments.to_vec(),
        env: environment(ctx, plugin)?,
        folder: None,
        input: input.clone().into(),
        output,
    });
    Ok(ended.await?)
}

/// The environment of the command, and the plugin's settings in it.
fn environment(ctx: &Ctx, plugin: &Plugin) -> Outcome<Env> {
    let mut env = ctx.env.as_ref().clone();
    let Some(text) = files::read_text(&plugin.folder.join("plugin.toml"))? else { return Ok(env) };
    // One that cannot be read has no settings; plugin:check says what is wrong with it.
    let Ok(manifest) = PluginManifest::parse(&text) else { return Ok(env) };
    if manifest.plugin.config.is_empty() {
        return Ok(env);
    }
    let configured = files::read_text(&ctx.layout().plugin_settings())?.unwrap_or_default();
    let configured: toml::Table = toml::from_str(&configured).unwrap_or_default();
    let own = configured.get(&plugin.name).and_then(toml::Value::as_table);
    for (key, value) in manifest.settings(&plugin.name, own, |key| ctx.env.get(key).map(str::to_owned)) {
        env.set(key, value);
    }
    Ok(env)
}

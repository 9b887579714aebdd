//! Programs of plugins: how they are started, whatever they are for.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::bus::Plugin;
use super::call::Input;
use super::ctx::Ctx;
use super::failure::{Failure, Result};
use super::output::Stream;
use crate::model::{Outcome, PluginManifest};
use crate::platform::process::{self, Ended, Ending, Limits, Program};
use crate::platform::{env::Env, files};
use crate::store::plugin_limits;

/// How much of what a plugin answers is held, in bytes. Answers are lines; a plugin that writes without end must not
/// take the memory of the server.
pub const LONGEST_ANSWER: usize = 16 * 1024 * 1024;

/// Asks a plugin's program for what somebody waits for who did not call it: as [`run`], within the plugin's limits.
///
/// # Errors
/// When it cannot be started, or takes longer or answers more than it may. Its status is for the caller to judge.
pub async fn ask(
    ctx: &Ctx,
    plugin: &Plugin,
    path: &Path,
    arguments: &[String],
    input: &Input,
    is_captured: bool,
) -> Result<Ended> {
    let limits =
        Limits { time: plugin_limits::timeout(ctx.layout(), &plugin.name)?, captured: Some(LONGEST_ANSWER) };
    let program = program(ctx, plugin, path, arguments, input, is_captured)?;
    let what = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    match process::run_within(program, limits).await? {
        Ending::Ended(ended) => Ok(ended),
        Ending::TooSlow => Err(too_slow(plugin, &what, limits.time.unwrap_or_default())),
        Ending::TooMuch => Err(too_much(plugin, &what)),
    }
}

/// What is said of a plugin that took too long.
pub fn too_slow(plugin: &Plugin, what: &str, time: Duration) -> Failure {
    let (name, seconds) = (&plugin.name, time.as_secs());
    Failure::user(format!("Plugin {name} did not end {what} within {seconds} s and was stopped"))
        .hint(format!("How long it may take: dokku plugin:set {name} timeout SECONDS"))
}

/// What is said of a plugin that answered too much.
pub fn too_much(plugin: &Plugin, what: &str) -> Failure {
    let (name, mib) = (&plugin.name, LONGEST_ANSWER / 1024 / 1024);
    Failure::user(format!("Plugin {name} answered {what} with more than {mib} MiB and was stopped"))
}

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
    Ok(process::run(program(ctx, plugin, path, arguments, input, is_captured)?).await?)
}

fn program(
    ctx: &Ctx,
    plugin: &Plugin,
    path: &Path,
    arguments: &[String],
    input: &Input,
    is_captured: bool,
) -> Result<Program> {
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
    Ok(Program {
        path: path.to_owned(),
        arguments: arguments.to_vec(),
        env: environment(ctx, plugin)?,
        folder: ctx.folder.clone(),
        input: input.clone().into(),
        output,
    })
}

/// The environment of the command, and the plugin's settings in it.
///
/// # Errors
/// When a file of these settings cannot be read.
pub fn environment(ctx: &Ctx, plugin: &Plugin) -> Outcome<Env> {
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

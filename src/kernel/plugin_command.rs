//! Commands of plugins (contract: plugin-abi.md, section 1.3). What is native was looked for before.

use std::path::PathBuf;

use super::bus::Plugin;
use super::call::Input;
use super::ctx::Ctx;
use super::entry_triggers::Commands;
use super::failure::{Failure, Result};
use super::program;
use super::trigger::Trigger;
use crate::platform::{env, files, process};

/// The status by which a plugin says that a command is not one of its own.
const NOT_MINE: i32 = 10;

/// Runs the plugin's program that answers to the words; `false` when none does.
///
/// # Errors
/// The status of the program that failed, as it is.
pub async fn run(ctx: &Ctx, words: &[String]) -> Result<bool> {
    let Some(command) = words.first() else { return Ok(false) };
    if let Some((plugin, path)) = subcommand(ctx, command)? {
        let ended = program::run(ctx, plugin, &path, words, &Input::Inherited, false).await?;
        return match ended.status {
            0 => Ok(true),
            status => Err(Failure::inner(status)),
        };
    }
    let mut is_known = false;
    for plugin in ctx.bus.plugins(ctx.layout())? {
        let path = plugin.folder.join(Commands::NAME);
        if !files::is_executable(&path) {
            continue;
        }
        match program::run(ctx, plugin, &path, words, &Input::Inherited, false).await?.status {
            0 => is_known = true,
            NOT_MINE => {}
            status => return Err(Failure::inner(status)),
        }
    }
    Ok(is_known)
}

/// The file below a plugin's `subcommands` that is meant: `default` or its own name for a word without a
/// colon, else what stands behind the colon.
fn subcommand<'a>(ctx: &'a Ctx, command: &str) -> Result<Option<(&'a Plugin, PathBuf)>> {
    let (name, verbs) = match command.split_once(':') {
        Some((name, verb)) => (name, vec![verb]),
        None => (command, vec!["default", command]),
    };
    let plugins = ctx.bus.plugins(ctx.layout())?;
    let Some(plugin) = plugins.iter().find(|plugin| plugin.name == name) else { return Ok(None) };
    // A verb is one name, never a path.
    let is_name = |verb: &&str| !verb.is_empty() && !verb.contains('/') && *verb != "." && *verb != "..";
    let folder = plugin.folder.join("subcommands");
    let path = verbs
        .into_iter()
        .filter(is_name)
        .map(|verb| folder.join(verb))
        .find(|path| files::is_executable(path));
    Ok(path.map(|path| (plugin, path)))
}

/// True when plugins would not see in the words of this process that all commands are asked for: half of them
/// look there (contract: plugin-abi.md, section 1.6), and a session's process bears another name.
///
/// # Errors
/// When the folder of plugins cannot be read.
pub fn must_show_words(ctx: &Ctx) -> Result<bool> {
    let is_shown = || env::arguments().iter().any(|word| word == "--all");
    Ok(ctx.out.sink().is_inheritable() && !ctx.bus.plugins(ctx.layout())?.is_empty() && !is_shown())
}

/// Runs `dokku help --all` as a process of its own, for all to see its words.
///
/// # Errors
/// When it cannot be started, or its status.
pub async fn show_words(ctx: &Ctx) -> Result {
    let ended = process::run(process::Program {
        path: env::own_program(),
        arguments: vec!["help".to_owned(), "--all".to_owned()],
        env: ctx.env.as_ref().clone(),
        folder: None,
        input: process::Input::Inherited,
        output: process::Output::Inherited,
    });
    match ended.await?.status {
        0 => Ok(()),
        status => Err(Failure::inner(status)),
    }
}

/// What plugins say of their commands: `name arguments` and what it does, for `help`.
///
/// # Errors
/// When one cannot be started. What one says wrongly is left out.
pub async fn help(ctx: &Ctx, is_complete: bool) -> Result<Vec<(String, String)>> {
    let mut words = vec!["help".to_owned()];
    if is_complete {
        words.push("--all".to_owned());
    }
    let mut rows = Vec::new();
    for plugin in ctx.bus.plugins(ctx.layout())? {
        let path = plugin.folder.join(Commands::NAME);
        if !files::is_executable(&path) {
            continue;
        }
        let ended = program::ask(ctx, plugin, &path, &words, &Input::Empty, true).await?;
        let text = String::from_utf8_lossy(&ended.stdout).into_owned();
        rows.extend(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| {
            let (name, about) = line.split_once(',').unwrap_or((line, ""));
            (name.trim().to_owned(), about.trim().to_owned())
        }));
    }
    Ok(rows)
}

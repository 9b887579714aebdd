//! What the shell functions call that plugins source from core plugins' folders (`image/facade`). Each is a line
//! of shell around `dokku plugin-call NAME ARGUMENTS`, and this is the other end of that line.

use super::command::BoxFuture;
use super::ctx::Ctx;
use super::dispatch;
use super::failure::{Failure, Result};

/// The command that shell functions call. Root's calls are user dokku's too, as all of what they do is.
pub const COMMAND: &str = "plugin-call";

/// The native half of a shell function.
pub struct Function {
    /// The name of the shell function.
    pub name: &'static str,
    /// What it does. Its words are those that the shell function was called with; a missing one is not there.
    pub does: Does,
}

/// How a function does it.
pub enum Does {
    /// By code of its own.
    Own(fn(Ctx, Vec<String>) -> BoxFuture<Result>),
    /// As a command does it that a user could type.
    Verb(&'static str),
}

impl Function {
    /// A function with code of its own.
    pub const fn own(name: &'static str, call: fn(Ctx, Vec<String>) -> BoxFuture<Result>) -> Self {
        Function { name, does: Does::Own(call) }
    }

    /// A function that is a command by another name.
    pub const fn verb(name: &'static str, verb: &'static str) -> Self {
        Function { name, does: Does::Verb(verb) }
    }
}

/// The words behind `plugin-call`, if that is what is called. Global flags are not looked for: a word that looks
/// like one is an argument of the function.
pub fn called(words: &[String]) -> Option<&[String]> {
    words.split_first().filter(|(first, _)| *first == COMMAND).map(|(_, rest)| rest)
}

/// Calls a function. It is part of a command that already runs, so nobody is asked again whether the caller may;
/// a plugin's `user-auth` itself calls functions, and asking would never end.
///
/// # Errors
/// Over SSH unless a command called it. Whatever goes wrong in the function.
pub async fn call(words: &[String], ctx: &Ctx, is_inner: bool) -> Result {
    if ctx.caller.is_ssh && !is_inner {
        return Err(Failure::denied(format!("{COMMAND} is for plugins")));
    }
    let Some((name, arguments)) = words.split_first() else {
        return Err(Failure::usage(format!("{COMMAND} needs the name of a function")));
    };
    let mut functions = ctx.bus.domains().iter().flat_map(|domain| domain.functions);
    let Some(function) = functions.find(|function| function.name == name) else {
        return Err(Failure::user(format!("There is no function {name}")));
    };
    match function.does {
        Does::Own(call) => call(ctx.clone(), arguments.to_vec()).await,
        Does::Verb(verb) => dispatch::verb(ctx, verb, arguments).await,
    }
}

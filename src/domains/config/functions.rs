//! What the shell functions of the plugin `config` call.

use super::target;
use crate::kernel::{BoxFuture, Ctx, Failure, Function, Result};
use crate::model::Scope;
use crate::triggers::ConfigUnset;

/// All of them, alphabetical.
pub const ALL: &[Function] = &[
    Function::verb("config_all", "config:show"),
    Function::verb("config_bundle", "config:bundle"),
    Function::verb("config_clear", "config:clear"),
    Function::verb("config_export", "config:export"),
    Function::own("config_get", get),
    Function::verb("config_keys", "config:keys"),
    Function::verb("config_set", "config:set"),
    Function::own("config_unset", unset),
];

/// `config_unset [--no-restart] [--global|APP] KEY…`.
fn unset(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move { ctx.fire(ConfigUnset { words }).await })
}

/// `config_get [--global|APP] KEY`. Unlike `config:get` it does not ask whether there is such an app: what is not
/// set ends with status 1 and no word.
fn get(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        let unset = || Failure::inner(1);
        let [name, key, ..] = words.as_slice() else { return Err(unset()) };
        let scope = match name.as_str() {
            "--global" => Scope::Global,
            name => Scope::App(name.parse().map_err(|_| unset())?),
        };
        let variables = target::read(&ctx, &scope, false)?;
        ctx.out.plain(variables.get(key).ok_or_else(unset)?);
        Ok(())
    })
}

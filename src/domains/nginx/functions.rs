//! What the shell functions of the plugin `nginx-vhosts` call.

use super::properties::PROPERTIES;
use super::settings;
use crate::kernel::{BoxFuture, Ctx, Function, Out, Result, Stream, dispatch};
use crate::model::Scope;
use crate::store::properties;
use crate::triggers::{ProxyIsEnabled, ProxyType};

/// All of them, alphabetical.
pub const ALL: &[Function] = &[
    Function::own("fn-nginx-access-log-format", |ctx, words| own(ctx, words, "access-log-format")),
    Function::own("fn-nginx-access-log-path", |ctx, words| own(ctx, words, "access-log-path")),
    Function::own("fn-nginx-computed-access-log-format", |ctx, words| {
        effective(ctx, words, "access-log-format")
    }),
    Function::own("fn-nginx-computed-access-log-path", |ctx, words| effective(ctx, words, "access-log-path")),
    Function::own("fn-nginx-computed-error-log-path", |ctx, words| effective(ctx, words, "error-log-path")),
    Function::own("fn-nginx-error-log-path", |ctx, words| own(ctx, words, "error-log-path")),
    Function::own("restart_nginx", reload),
    Function::own("validate_nginx", validate),
];

/// The app that a call's first word names; `None` for a word that names none. Reading is no reason to fail.
fn scope(words: &[String]) -> Option<Scope> {
    match words.first()?.as_str() {
        "--global" => Some(Scope::Global),
        name => name.parse().ok().map(Scope::App),
    }
}

/// `fn-nginx-KEY APP`: what is set for the app itself, without a line break.
fn own(ctx: Ctx, words: Vec<String>, key: &'static str) -> BoxFuture<Result> {
    Box::pin(async move {
        let Some(scope) = scope(&words) else { return Ok(()) };
        let value = properties::get(ctx.layout(), PROPERTIES.plugin, &scope, key)?;
        say(&ctx, &value.unwrap_or_default());
        Ok(())
    })
}

/// `fn-nginx-computed-KEY APP`: what holds for the app, without a line break.
fn effective(ctx: Ctx, words: Vec<String>, key: &'static str) -> BoxFuture<Result> {
    Box::pin(async move {
        let Some(scope) = scope(&words) else { return Ok(()) };
        let value = settings::of(&ctx, &scope, key)?;
        say(&ctx, &value);
        Ok(())
    })
}

fn say(ctx: &Ctx, value: &str) {
    // Whoever reads may have seen enough.
    let _ = ctx.out.raw(Stream::Stdout, value.as_bytes());
}

/// `restart_nginx APP`: puts what changed to work if nginx is what serves the app. Where a command of the host's is
/// to do that instead, it is printed and nothing done: the shell runs it.
fn reload(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        // Callers outside an app's turn have none: then all of nginx is meant.
        let scope = scope(&words).unwrap_or(Scope::Global);
        if let Scope::App(app) = &scope
            && !(ctx.fire(ProxyIsEnabled { app: app.clone() }).await?
                && ctx.fire(ProxyType { app: app.clone() }).await? == "nginx")
        {
            return Ok(());
        }
        let command = settings::of(&ctx, &scope, "nginx-service-command")?;
        if !command.is_empty() {
            ctx.out.plain(command);
            return Ok(());
        }
        dispatch::verb(&ctx, "nginx:reload", &[]).await
    })
}

/// `validate_nginx [APP] [--clean]`: tests what apps ask of nginx. Says nothing when all is well.
fn validate(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
        // That an app has no configuration is no news here.
        let out = Out::to(ctx.out.sink(), true, ctx.out.is_trace());
        dispatch::verb(&Ctx { out, ..ctx }, "nginx:validate-config", &words).await
    })
}

//! What the shell functions of the plugin `domains` call.

use super::defaults;
use crate::kernel::{BoxFuture, Ctx, Function, Result};
use crate::model::{AppName, Scope};
use crate::store::vhosts;

/// All of them, alphabetical.
pub const ALL: &[Function] = &[
    Function::verb("domains_set", "domains:set"),
    Function::own("domains_setup", set_up),
    Function::own("get_app_domains", of_app),
    Function::own("is_app_vhost_enabled", is_enabled),
];

fn app(words: &[String]) -> Option<AppName> {
    words.first()?.parse().ok()
}

/// `get_app_domains APP`: a line each; none for an app that is not there, or has them turned off.
fn of_app(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        let Some(app) = app(&words) else { return Ok(()) };
        if vhosts::is_enabled(ctx.layout(), &app)? {
            vhosts::read(ctx.layout(), &Scope::App(app))?.iter().for_each(|domain| ctx.out.plain(domain));
        }
        Ok(())
    })
}

/// `is_app_vhost_enabled APP`: `true` or `false`.
fn is_enabled(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        let is_enabled = match app(&words) {
            Some(app) => vhosts::is_enabled(ctx.layout(), &app)?,
            None => true,
        };
        ctx.out.plain(is_enabled.to_string());
        Ok(())
    })
}

/// `domains_setup APP`: the default domains for an app that has no list yet.
fn set_up(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        let app: AppName = words.first().map_or("", String::as_str).parse()?;
        ctx.require_app(&app)?;
        defaults::set_up(&ctx, &app).await
    })
}

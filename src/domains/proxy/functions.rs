//! What the shell functions of the plugin `proxy` call.

use crate::kernel::{BoxFuture, Ctx, Function, Result};
use crate::model::{AppName, Outcome};
use crate::triggers::{ProxyIsEnabled, ProxyType};

/// All of them, alphabetical.
pub const ALL: &[Function] =
    &[Function::own("get_app_proxy_type", proxy_type), Function::own("is_app_proxy_enabled", is_enabled)];

fn app(words: &[String]) -> Outcome<AppName> {
    words.first().map_or("", String::as_str).parse()
}

/// `is_app_proxy_enabled APP`: `true` or `false`.
fn is_enabled(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        let is_enabled = ctx.fire(ProxyIsEnabled { app: app(&words)? }).await?;
        ctx.out.plain(is_enabled.to_string());
        Ok(())
    })
}

/// `get_app_proxy_type APP`: the name of its proxy.
fn proxy_type(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        ctx.out.plain(ctx.fire(ProxyType { app: app(&words)? }).await?);
        Ok(())
    })
}

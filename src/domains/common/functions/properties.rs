//! Properties of plugins, single values (contract: plugin-abi.md section 3.2). Names that no file can have are
//! read as never set, and refused where something is to be written.

use super::apps::word;
use crate::kernel::{BoxFuture, Ctx, Failure, Result};
use crate::store::plugin_properties::{self, Shelf};

/// The shelf that a call's first two words name.
pub fn shelf(ctx: &Ctx, words: &[String]) -> Result<Shelf> {
    Ok(Shelf::of(ctx.layout(), word(words, 0), word(words, 1))?)
}

/// `fn-plugin-property-get PLUGIN APP KEY [DEFAULT]`.
pub fn get(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        let stored = match shelf(&ctx, &words) {
            Ok(shelf) => shelf.get(word(&words, 2))?,
            Err(_) => None,
        };
        ctx.out.plain(stored.as_deref().unwrap_or(word(&words, 3)));
        Ok(())
    })
}

/// `fn-plugin-property-exists PLUGIN APP KEY`: success says yes.
pub fn exists(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        let stored = shelf(&ctx, &words).map_err(|_| Failure::inner(1))?.get(word(&words, 2))?;
        stored.map(drop).ok_or_else(|| Failure::inner(1))
    })
}

/// `fn-plugin-property-get-all PLUGIN APP`, and with a PREFIX those keys that begin so: a line `KEY VALUE` each.
pub fn get_all(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        let shelf = shelf(&ctx, &words)?;
        for key in shelf.keys()?.iter().filter(|key| key.starts_with(word(&words, 2))) {
            ctx.out.plain(format!("{key} {}", shelf.get(key)?.unwrap_or_default()));
        }
        Ok(())
    })
}

/// `fn-plugin-property-write PLUGIN APP KEY VALUE`.
pub fn write(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move { Ok(shelf(&ctx, &words)?.set(word(&words, 2), word(&words, 3))?) })
}

/// `fn-plugin-property-delete PLUGIN APP KEY`.
pub fn delete(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move { Ok(shelf(&ctx, &words)?.unset(word(&words, 2))?) })
}

/// `fn-plugin-property-clone PLUGIN OLD NEW`.
pub fn clone(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        let new = Shelf::of(ctx.layout(), word(&words, 0), word(&words, 2))?;
        Ok(shelf(&ctx, &words)?.copy_to(&new)?)
    })
}

/// `fn-plugin-property-destroy PLUGIN APP`: all of the app's, and with `_all_` all of the plugin's.
pub fn destroy(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        match word(&words, 1) {
            "_all_" => plugin_properties::forget(ctx.layout(), word(&words, 0))?,
            _ => shelf(&ctx, &words)?.clear()?,
        }
        Ok(())
    })
}

/// `fn-plugin-property-setup PLUGIN`.
pub fn set_up(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move { Ok(plugin_properties::set_up(ctx.layout(), word(&words, 0))?) })
}

/// `fn-plugin-property-setup-app PLUGIN APP`.
pub fn set_up_app(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move { Ok(shelf(&ctx, &words)?.set_up()?) })
}

//! Reactions to triggers, one file each.

pub mod config_export;
pub mod config_get;
pub mod config_get_global;
pub mod config_migrate_env;
pub mod config_set;
pub mod config_unset;
pub mod install;
pub mod post_app_clone_setup;
pub mod post_app_rename_setup;
pub mod post_create;
pub mod post_delete;
pub mod pre_restore;

use super::change::Restart;
use super::target::resolve;
use crate::kernel::{Ctx, Result};
use crate::model::Scope;

/// `[--no-restart] [--global | APP] WORD…`, as plugins hand it over.
fn words(ctx: &Ctx, words: &[String]) -> Result<(Scope, Vec<String>, Restart)> {
    let (flags, words): (Vec<String>, Vec<String>) =
        words.iter().cloned().partition(|word| word == "--no-restart");
    let (name, rest) = words.split_first().map_or(("", &[][..]), |(name, rest)| (name.as_str(), rest));
    Ok((resolve(ctx, name)?, rest.to_vec(), Restart::unless(!flags.is_empty())))
}

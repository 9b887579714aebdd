//! Reactions to triggers, one file each.

pub mod app_json_is_valid;
pub mod cron_get_property;
pub mod cron_write;
mod move_tasks;
pub mod post_app_clone_setup;
pub mod post_app_rename_setup;
pub mod post_delete;
pub mod post_deploy;
pub mod scheduler_cron_write;
pub mod scheduler_stop;

use move_tasks::move_tasks;

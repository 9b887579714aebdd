//! Reactions to triggers, one file each.

pub mod cron_get_property;
pub mod cron_write;
pub mod post_delete;
pub mod post_deploy;
pub mod scheduler_stop;

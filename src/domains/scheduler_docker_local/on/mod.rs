//! Reactions to triggers, one file each.

pub mod check_deploy;
pub mod post_app_clone_setup;
pub mod post_app_rename_setup;
pub mod post_create;
pub mod post_delete;
pub mod post_release_builder;
pub mod pre_restore;
pub mod scheduler_app_status;
pub mod scheduler_deploy;
pub mod scheduler_enter;
pub mod scheduler_inspect;
pub mod scheduler_is_deployed;
pub mod scheduler_logs;
pub mod scheduler_logs_failed;
pub mod scheduler_pre_restore;
pub mod scheduler_register_retired;
pub mod scheduler_retire;
pub mod scheduler_run;
pub mod scheduler_run_list;
pub mod scheduler_run_logs;
pub mod scheduler_run_retire;
pub mod scheduler_run_stop;
pub mod scheduler_stop;
pub mod scheduler_storage_exec;
pub mod scheduler_uses_host_cron;

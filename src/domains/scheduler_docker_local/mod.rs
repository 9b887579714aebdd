//! Run apps on the engine of this host

mod belonging;
mod log_lines;
mod on;
mod one_off;
mod properties;
mod report;
mod session;
mod stopping;

use crate::kernel::{Domain, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "scheduler-docker-local",
    plugin: "scheduler-docker-local",
    about: "Manage the docker-local scheduler integration for an app",
    also: "docker-local",
    properties: Some(&properties::PROPERTIES),
    report: Some(&report::REPORT),
    listeners: &[
        listener::<on::check_deploy::Check>(),
        listener::<on::post_app_clone_setup::Copy>(),
        listener::<on::post_app_rename_setup::Move>(),
        listener::<on::post_create::Begin>(),
        listener::<on::post_delete::Forget>(),
        listener::<on::post_release_builder::Precheck>(),
        listener::<on::pre_restore::AdoptFiles>(),
        listener::<on::scheduler_app_status::Status>(),
        listener::<on::scheduler_deploy::SchedulerDeploy>(),
        listener::<on::scheduler_enter::Enter>(),
        listener::<on::scheduler_inspect::Inspect>(),
        listener::<on::scheduler_is_deployed::IsDeployed>(),
        listener::<on::scheduler_logs::Show>(),
        listener::<on::scheduler_logs_failed::ShowFailed>(),
        listener::<on::scheduler_pre_restore::Clear>(),
        listener::<on::scheduler_register_retired::Register>(),
        listener::<on::scheduler_retire::Retire>(),
        listener::<on::scheduler_run::Run>(),
        listener::<on::scheduler_run_list::List>(),
        listener::<on::scheduler_run_logs::Show>(),
        listener::<on::scheduler_run_retire::Retire>(),
        listener::<on::scheduler_run_stop::Stop>(),
        listener::<on::scheduler_stop::Stop>(),
        listener::<on::scheduler_storage_exec::Exec>(),
        listener::<on::scheduler_uses_host_cron::UsesHostCron>(),
    ],
    ..Domain::EMPTY
};

//! Manage scheduled cron tasks

mod crontab;
mod history;
mod id;
mod list;
mod on;
mod properties;
mod record;
mod report;
mod resume;
mod run;
mod set;
mod suspend;
mod switch;
mod tasks;

use crate::kernel::{Domain, entry, listener};

const NO_MAIL: &str =
    "nothing is mailed; cron:history says how tasks ended, and plugins hear of failures by cron-task-failed";

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "cron",
    plugin: "cron",
    about: "Manage scheduled cron tasks",
    commands: &[
        entry::<history::History>(),
        entry::<list::List>(),
        entry::<resume::Resume>(),
        entry::<run::Run>(),
        entry::<set::Set>(),
        entry::<suspend::Suspend>(),
    ],
    idle: &[("mailfrom", NO_MAIL), ("mailto", NO_MAIL)],
    properties: Some(&properties::PROPERTIES),
    report: Some(&report::REPORT),
    is_apart_in_report: true,
    listeners: &[
        listener::<on::app_json_is_valid::Check>(),
        listener::<on::cron_get_property::Get>(),
        listener::<on::cron_write::Rename>(),
        listener::<on::post_app_clone_setup::Copy>(),
        listener::<on::post_app_rename_setup::Move>(),
        listener::<on::post_delete::Forget>(),
        listener::<on::post_deploy::Rewrite>(),
        listener::<on::scheduler_cron_write::Write>(),
        listener::<on::scheduler_stop::Rewrite>(),
    ],
    ..Domain::EMPTY
};

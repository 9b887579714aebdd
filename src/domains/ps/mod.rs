//! Manage app processes

mod functions;
mod history;
mod inspect;
mod on;
mod properties;
mod rebuild;
mod report;
mod restart;
mod restore;
mod retire;
mod scale;
mod start;
mod status;
mod stop;

use crate::kernel::{Alias, Domain, Gone, entry, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "ps",
    plugin: "ps",
    about: "Manage app processes",
    aliases: &[
        Alias::old("ps:rebuildall", "ps:rebuild --all"),
        Alias::old("ps:restartall", "ps:restart --all"),
        Alias::old("ps:startall", "ps:start --all"),
        Alias::old("ps:stopall", "ps:stop --all"),
    ],
    gone: &[
        Gone { typed: "ps:restart-policy", instead: "Its successor: ps:report <app> --ps-restart-policy" },
        Gone {
            typed: "ps:set-restart-policy",
            instead: "Its successor: ps:set <app> restart-policy <policy>",
        },
    ],
    commands: &[
        entry::<history::History>(),
        entry::<inspect::Inspect>(),
        entry::<rebuild::Rebuild>(),
        entry::<restart::Restart>(),
        entry::<restore::Restore>(),
        entry::<retire::Retire>(),
        entry::<scale::Scale>(),
        entry::<start::Start>(),
        entry::<stop::Stop>(),
    ],
    properties: Some(&properties::PROPERTIES),
    report: Some(&report::REPORT),
    listeners: &[
        listener::<on::app_restart::Restart>(),
        listener::<on::core_post_deploy::Promote>(),
        listener::<on::docker_args_process_deploy::RestartPolicy>(),
        listener::<on::post_app_clone::Rebuild>(),
        listener::<on::post_app_clone_setup::Copy>(),
        listener::<on::post_app_rename::Rebuild>(),
        listener::<on::post_app_rename_setup::Move>(),
        listener::<on::post_create::Begin>(),
        listener::<on::post_delete::Forget>(),
        listener::<on::post_release_builder::FollowProcfile>(),
        listener::<on::post_stop::StayStopped>(),
        listener::<on::procfile_exists::Exists>(),
        listener::<on::procfile_get_command::Command>(),
        listener::<on::ps_can_scale::CanScale>(),
        listener::<on::ps_current_scale::Scale>(),
        listener::<on::ps_get_property::Get>(),
        listener::<on::ps_set_scale::Set>(),
    ],
    functions: functions::ALL,
    ..Domain::EMPTY
};

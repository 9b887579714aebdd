//! Manage running builds and build records

mod cancel;
mod info;
mod list;
mod on;
mod output;
mod prune;
mod report;
mod view;

use crate::kernel::{Domain, entry, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "builds",
    plugin: "builds",
    about: "Manage running and historical builds",
    commands: &[
        entry::<cancel::Cancel>(),
        entry::<info::Info>(),
        entry::<list::List>(),
        entry::<output::Output>(),
        entry::<prune::Prune>(),
    ],
    properties: Some(&report::PROPERTIES),
    report: Some(&report::REPORT),
    is_apart_in_report: true,
    listeners: &[
        listener::<on::builds_generate_id::OnBuildsGenerateId>(),
        listener::<on::builds_record_finalize::OnBuildsRecordFinalize>(),
        listener::<on::builds_record_start::OnBuildsRecordStart>(),
        listener::<on::post_app_rename_setup::OnPostAppRenameSetup>(),
        listener::<on::post_delete::OnPostDelete>(),
    ],
    ..Domain::EMPTY
};

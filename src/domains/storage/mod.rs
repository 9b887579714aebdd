//! Manage mounted volumes

mod annotations_report;
mod annotations_set;
mod create;
mod destroy;
mod ensure_directory;
mod exec;
mod folder;
mod info;
mod labels_report;
mod labels_set;
mod list;
mod list_entries;
mod metadata;
mod migrate;
mod mount;
mod mounts;
mod on;
mod report;
mod report_global;
mod scheduler;
mod set;
mod unmount;
mod wait;

use crate::kernel::{Domain, entry, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "storage",
    plugin: "storage",
    about: "Manage mounted volumes",
    commands: &[
        entry::<annotations_report::AnnotationsReport>(),
        entry::<annotations_set::AnnotationsSet>(),
        entry::<create::Create>(),
        entry::<destroy::Destroy>(),
        entry::<ensure_directory::EnsureDirectory>(),
        entry::<exec::Exec>(),
        entry::<info::Info>(),
        entry::<labels_report::LabelsReport>(),
        entry::<labels_set::LabelsSet>(),
        entry::<list::List>(),
        entry::<list_entries::ListEntries>(),
        entry::<migrate::Migrate>(),
        entry::<mount::Mount>(),
        entry::<report::StorageReport>(),
        entry::<set::Set>(),
        entry::<unmount::Unmount>(),
        entry::<wait::Wait>(),
    ],
    listeners: &[
        listener::<on::docker_args_deploy::Deploy>(),
        listener::<on::docker_args_run::Run>(),
        listener::<on::install::Adopt>(),
        listener::<on::post_app_clone_setup::Copy>(),
        listener::<on::post_app_rename_setup::Move>(),
        listener::<on::post_delete::Forget>(),
        listener::<on::storage_app_mounts::Tell>(),
        listener::<on::storage_list::List>(),
    ],
    ..Domain::EMPTY
};

//! Git deploys

mod consolidate;
mod from_directory;
mod from_image;
mod generate_deploy_key;
mod git_hook;
mod initialize;
mod load_image;
mod on;
mod public_key;
mod receive_pack;
mod report;
mod repository;
mod status;
mod take_up;
mod upload_archive;
mod upload_pack;

use crate::kernel::{Alias, Domain, Gone, entry, listener};

const NO_ARCHIVES: &str = "no command deploys an archive yet";

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "git",
    plugin: "git",
    about: "Manage app deploys via git",
    aliases: &[Alias::old("git:unlock", "apps:unlock")],
    gone: &[
        Gone { typed: "git:build", instead: "Its successor: ps:rebuild" },
        Gone { typed: "git:build-locked", instead: "Its successor: ps:rebuild" },
    ],
    commands: &[
        entry::<git_hook::GitHook>(),
        entry::<receive_pack::ReceivePack>(),
        entry::<upload_archive::UploadArchive>(),
        entry::<upload_pack::UploadPack>(),
        entry::<consolidate::Consolidate>(),
        entry::<from_image::FromImage>(),
        entry::<generate_deploy_key::GenerateDeployKey>(),
        entry::<initialize::Initialize>(),
        entry::<load_image::LoadImage>(),
        entry::<public_key::PublicKey>(),
        entry::<status::Status>(),
        entry::<take_up::TakeUp>(),
    ],
    idle: &[
        ("archive-max-files", NO_ARCHIVES),
        ("archive-max-size", NO_ARCHIVES),
        (
            "keep-git-dir",
            "code is handed to builds without its repository; the variable GIT_REV names the commit",
        ),
    ],
    properties: Some(&report::PROPERTIES),
    report: Some(&report::REPORT),
    listeners: &[
        listener::<on::deploy_source_set::OnDeploySourceSet>(),
        listener::<on::git_deploy_branch::OnGitDeployBranch>(),
        listener::<on::git_from_directory::OnGitFromDirectory>(),
        listener::<on::git_from_image::OnGitFromImage>(),
        listener::<on::git_get_property::OnGitGetProperty>(),
        listener::<on::git_has_code::OnGitHasCode>(),
        listener::<on::git_revision::OnGitRevision>(),
        listener::<on::post_app_clone_setup::OnPostAppCloneSetup>(),
        listener::<on::post_app_rename_setup::OnPostAppRenameSetup>(),
        listener::<on::receive_app::ReceiveApp>(),
    ],
    ..Domain::EMPTY
};

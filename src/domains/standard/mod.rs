//! Commands that belong to no domain of their own

mod cleanup;
mod deploy;
mod on;
mod report;
mod take_over;
mod taken_over;
mod url;
mod urls;
mod version;

use crate::kernel::{Alias, Domain, Gone, entry, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "",
    plugin: "00_dokku-standard",
    about: "",
    aliases: &[
        Alias { typed: "--version", means: "version", is_deprecated: false },
        Alias { typed: "-v", means: "version", is_deprecated: false },
    ],
    gone: &[
        Gone { typed: "tags:*", instead: "Its successor deploys an image: git:from-image" },
        Gone { typed: "tar:*", instead: "Push the files of the archive with git" },
    ],
    commands: &[
        entry::<cleanup::Cleanup>(),
        entry::<deploy::Deploy>(),
        entry::<report::Report>(),
        entry::<take_over::TakeOver>(),
        entry::<taken_over::TakenOver>(),
        entry::<url::Url>(),
        entry::<urls::Urls>(),
        entry::<version::Version>(),
    ],
    listeners: &[listener::<on::report::OnReport>()],
    ..Domain::EMPTY
};

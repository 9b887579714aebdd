//! Commands that belong to no domain of their own

mod cleanup;
mod on;
mod report;
mod url;
mod urls;
mod version;

use crate::kernel::{Alias, Domain, entry, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "",
    plugin: "00_dokku-standard",
    about: "",
    aliases: &[
        Alias { typed: "--version", means: "version", is_deprecated: false },
        Alias { typed: "-v", means: "version", is_deprecated: false },
    ],
    commands: &[
        entry::<cleanup::Cleanup>(),
        entry::<report::Report>(),
        entry::<url::Url>(),
        entry::<urls::Urls>(),
        entry::<version::Version>(),
    ],
    listeners: &[listener::<on::report::OnReport>()],
    ..Domain::EMPTY
};

//! Commands that belong to no domain of their own

mod url;
mod urls;

use crate::kernel::{Domain, entry};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "",
    plugin: "00_dokku-standard",
    about: "",
    commands: &[entry::<url::Url>(), entry::<urls::Urls>()],
    ..Domain::EMPTY
};

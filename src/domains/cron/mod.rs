//! Commands by the clock, as far as plugins ask about them

mod on;

use crate::kernel::{Domain, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    plugin: "cron",
    about: "Manage commands by the clock",
    listeners: &[
        listener::<on::cron_get_property::Get>(),
        listener::<on::cron_write::Rename>(),
        listener::<on::post_delete::Rewrite>(),
        listener::<on::post_deploy::Rewrite>(),
        listener::<on::scheduler_stop::Rewrite>(),
    ],
    ..Domain::EMPTY
};

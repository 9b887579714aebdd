//! Certificates of apps, as plugins reach them

mod on;

use crate::kernel::{Domain, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    plugin: "certs",
    about: "Manage certificates",
    listeners: &[
        listener::<on::certs_exists::Exists>(),
        listener::<on::certs_get::Get>(),
        listener::<on::certs_remove::Remove>(),
        listener::<on::certs_set::Set>(),
    ],
    ..Domain::EMPTY
};

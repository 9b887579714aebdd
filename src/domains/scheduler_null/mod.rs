//! Leave running an app to others: nothing is deployed

mod on;

use crate::kernel::{Domain, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "scheduler-null",
    plugin: "scheduler-null",
    about: "No-op scheduler plugin",
    listeners: &[listener::<on::scheduler_app_status::Status>()],
    ..Domain::EMPTY
};

//! Leave running an app to others: nothing is deployed

mod on;

use crate::kernel::{Domain, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    plugin: "scheduler-null",
    listeners: &[listener::<on::scheduler_app_status::Status>()],
    ..Domain::EMPTY
};

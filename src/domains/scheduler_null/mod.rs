//! Leave running an app to others: nothing is deployed

mod on;

use crate::kernel::{Domain, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "scheduler-null",
    plugin: "scheduler-null",
    about: "Leave running an app to others",
    listeners: &[listener::<on::scheduler_app_status::Status>()],
    ..Domain::EMPTY
};

//! Run apps on the engine of this host

mod on;

use crate::kernel::{Domain, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "scheduler-docker-local",
    plugin: "scheduler-docker-local",
    about: "Run apps on the engine of this host",
    listeners: &[listener::<on::scheduler_deploy::SchedulerDeploy>()],
    ..Domain::EMPTY
};

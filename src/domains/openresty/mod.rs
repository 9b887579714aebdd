//! Manage openresty, a proxy in a container of its own

mod properties;
mod proxy;
mod report;
mod settings;

use crate::deploy::proxies::{Logs, ShowConfig, Start, Stop, labels, on};
use crate::kernel::{Domain, entry, listener};
use proxy::Openresty;

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "openresty",
    plugin: "openresty-vhosts",
    about: "Manage the openresty proxy integration",
    commands: &[
        entry::<labels::Add<Openresty>>(),
        entry::<labels::Remove<Openresty>>(),
        entry::<labels::Show<Openresty>>(),
        entry::<Logs<Openresty>>(),
        entry::<ShowConfig<Openresty>>(),
        entry::<Start<Openresty>>(),
        entry::<Stop<Openresty>>(),
    ],
    properties: Some(&properties::PROPERTIES),
    report: Some(&report::REPORT),
    listeners: &[
        listener::<on::Force<Openresty>>(),
        listener::<on::Lead<Openresty>>(),
        listener::<on::Label<Openresty>>(),
        listener::<on::Copy<Openresty>>(),
        listener::<on::Move<Openresty>>(),
        listener::<on::Forget<Openresty>>(),
        listener::<on::Restore<Openresty>>(),
    ],
    ..Domain::EMPTY
};

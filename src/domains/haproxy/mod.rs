//! Manage haproxy, a proxy in a container of its own

mod properties;
mod proxy;
mod report;

use crate::deploy::proxies::{Logs, ShowConfig, Start, Stop, labels, on};
use crate::kernel::{Domain, entry, listener};
use proxy::Haproxy;

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "haproxy",
    plugin: "haproxy-vhosts",
    about: "Manage the haproxy proxy integration",
    commands: &[
        entry::<labels::Add<Haproxy>>(),
        entry::<labels::Remove<Haproxy>>(),
        entry::<labels::Show<Haproxy>>(),
        entry::<Logs<Haproxy>>(),
        entry::<ShowConfig<Haproxy>>(),
        entry::<Start<Haproxy>>(),
        entry::<Stop<Haproxy>>(),
    ],
    properties: Some(&properties::PROPERTIES),
    report: Some(&report::REPORT),
    listeners: &[
        listener::<on::Force<Haproxy>>(),
        listener::<on::Lead<Haproxy>>(),
        listener::<on::Label<Haproxy>>(),
        listener::<on::Copy<Haproxy>>(),
        listener::<on::Move<Haproxy>>(),
        listener::<on::Forget<Haproxy>>(),
        listener::<on::Domains<Haproxy>>(),
        listener::<on::Ports<Haproxy>>(),
        listener::<on::Restore<Haproxy>>(),
        listener::<on::TurnOff<Haproxy>>(),
        listener::<on::TurnOn<Haproxy>>(),
    ],
    ..Domain::EMPTY
};

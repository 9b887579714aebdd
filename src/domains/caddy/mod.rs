//! Manage caddy, a proxy in a container of its own

mod properties;
mod proxy;
mod report;

use crate::deploy::proxies::{Logs, ShowConfig, Start, Stop, labels, on};
use crate::kernel::{Domain, entry, listener};
use proxy::Caddy;

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "caddy",
    plugin: "caddy-vhosts",
    about: "Manage the caddy proxy integration",
    commands: &[
        entry::<labels::Add<Caddy>>(),
        entry::<labels::Remove<Caddy>>(),
        entry::<labels::Show<Caddy>>(),
        entry::<Logs<Caddy>>(),
        entry::<ShowConfig<Caddy>>(),
        entry::<Start<Caddy>>(),
        entry::<Stop<Caddy>>(),
    ],
    properties: Some(&properties::PROPERTIES),
    report: Some(&report::REPORT),
    listeners: &[
        listener::<on::Force<Caddy>>(),
        listener::<on::Lead<Caddy>>(),
        listener::<on::Label<Caddy>>(),
        listener::<on::Copy<Caddy>>(),
        listener::<on::Move<Caddy>>(),
        listener::<on::Forget<Caddy>>(),
        listener::<on::Domains<Caddy>>(),
        listener::<on::Ports<Caddy>>(),
        listener::<on::Restore<Caddy>>(),
        listener::<on::TurnOff<Caddy>>(),
        listener::<on::TurnOn<Caddy>>(),
    ],
    ..Domain::EMPTY
};

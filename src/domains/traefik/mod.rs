//! Manage traefik, a proxy in a container of its own

mod labels;
mod properties;
mod proxy;
mod report;
mod set;

use crate::deploy::proxies::{self, Logs, ShowConfig, Start, Stop, on};
use crate::kernel::{Domain, entry, listener};
use proxy::Traefik;

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "traefik",
    plugin: "traefik-vhosts",
    about: "Manage the traefik proxy integration",
    commands: &[
        entry::<proxies::labels::Add<Traefik>>(),
        entry::<proxies::labels::Remove<Traefik>>(),
        entry::<proxies::labels::Show<Traefik>>(),
        entry::<Logs<Traefik>>(),
        entry::<set::Set>(),
        entry::<ShowConfig<Traefik>>(),
        entry::<Start<Traefik>>(),
        entry::<Stop<Traefik>>(),
    ],
    properties: Some(&properties::PROPERTIES),
    report: Some(&report::REPORT),
    listeners: &[
        listener::<on::Force<Traefik>>(),
        listener::<on::Lead<Traefik>>(),
        listener::<on::Label<Traefik>>(),
        listener::<on::Copy<Traefik>>(),
        listener::<on::Move<Traefik>>(),
        listener::<on::Forget<Traefik>>(),
        listener::<on::Domains<Traefik>>(),
        listener::<on::Ports<Traefik>>(),
        listener::<on::Restore<Traefik>>(),
        listener::<on::TurnOff<Traefik>>(),
        listener::<on::TurnOn<Traefik>>(),
    ],
    ..Domain::EMPTY
};

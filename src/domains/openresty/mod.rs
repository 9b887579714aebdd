//! Manage openresty, a proxy in a container of its own

mod includes;
mod on;
mod properties;
mod proxy;
mod report;
mod settings;

use crate::deploy::proxies::{self, Logs, ShowConfig, Start, Stop, labels};
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
        listener::<on::core_post_deploy::Promote>(),
        listener::<on::core_post_extract::Take>(),
        listener::<on::post_delete::ForgetIncludes>(),
        listener::<proxies::on::Force<Openresty>>(),
        listener::<proxies::on::Lead<Openresty>>(),
        listener::<proxies::on::Label<Openresty>>(),
        listener::<proxies::on::Copy<Openresty>>(),
        listener::<proxies::on::Move<Openresty>>(),
        listener::<proxies::on::Forget<Openresty>>(),
        listener::<proxies::on::Domains<Openresty>>(),
        listener::<proxies::on::Ports<Openresty>>(),
        listener::<proxies::on::Restore<Openresty>>(),
        listener::<proxies::on::TurnOff<Openresty>>(),
        listener::<proxies::on::TurnOn<Openresty>>(),
    ],
    ..Domain::EMPTY
};

//! What is remembered, and in which file. On-disk layout is Dokku's own (contract: layout.md), since
//! plugins read and write it directly and volumes move between Dokku and this appliance.

pub mod acme;
pub mod addresses;
pub mod apps;
pub mod attachments;
pub mod baked_plugins;
pub mod buildpacks;
pub mod builds;
pub mod certificates;
pub mod config_history;
pub mod cron_runs;
mod extracted;
pub mod failed_containers;
pub mod forwarders;
pub mod host_paths;
pub mod interrupted;
pub mod kept_variables;
pub mod keys;
mod layout;
pub mod leftovers;
pub mod moved;
mod numbered;
pub mod own_place;
pub mod plugin_limits;
pub mod plugin_properties;
pub mod plugin_settings;
pub mod plugins;
pub mod ports;
pub mod process_ends;
pub mod processes;
pub mod properties;
pub mod published_ports;
pub mod registry_logins;
pub mod releases;
pub mod repositories;
pub mod retired;
pub mod scaling;
pub mod storage_entries;
pub mod takeover;
pub mod variables;
pub mod version;
pub mod vhosts;

pub use extracted::Extracted;
pub use layout::Layout;

use std::sync::Arc;

use crate::platform::Platform;
use crate::platform::docker::Owner;

/// The real world, its engine working for the appliance whose volume this is.
pub fn real_platform(layout: &Layout) -> Platform {
    Platform::real(Owner::kept_in(layout.owner()))
}

/// The same for the server.
pub fn server_platform(layout: &Layout) -> Platform {
    Platform::of_server(Owner::kept_in(layout.owner()))
}

/// The store of one server: its paths. The files behind them are read when a command needs them, never before.
#[derive(Clone, Debug)]
pub struct Store {
    /// Every path, once.
    pub layout: Arc<Layout>,
}

impl Store {
    /// The store below these folders.
    pub fn new(layout: Layout) -> Self {
        Store { layout: Arc::new(layout) }
    }
}

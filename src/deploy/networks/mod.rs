//! Networks: which ones the containers of apps join, under which names, and how the appliance comes to reach them.

mod attach;
mod gateway;
mod own;
mod reach;
mod subnet;

pub use attach::{Guest, add_aliases, attach, attach_late, attached};
pub use gateway::{moves, way_out};
pub use own::{is_ours, join_at, leave, shared, tend};
pub use reach::{bring_together, reach, reach_address, require_route, would_move};

/// False for the engine's modes that no container shares with others by joining, and for the default network, which knows
/// no aliases.
pub fn is_user_defined(network: &str) -> bool {
    !matches!(network, "" | "bridge" | "default" | "host" | "none") && !network.starts_with("container:")
}

//! Which port of the proxy leads to which port of an app's containers.

mod conflict;
mod lists;
mod mapping;
mod outside;
mod scheme;

pub use conflict::{Conflict, conflict};
pub use lists::{ProxyPorts, detected, effective, fallback, reused, sorted, stored, whole};
pub use mapping::{PortMap, PortRemoval, RoutePath, port};
pub use outside::OutsidePort;
pub use scheme::PortScheme;

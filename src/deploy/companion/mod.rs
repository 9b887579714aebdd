//! Containers that run beside the apps, one of a kind: proxies in the place of nginx, the log shipper. A compose file
//! says what they are; no compose is needed to make them.

mod find;
mod free_ports;
mod logs;
mod plan;
mod start;
mod stop;
mod template;

pub use find::find;
pub use logs::print_logs;
pub use plan::plan;
pub use start::{MADE_OF, Started, start};
pub use stop::stop;
pub use template::{Template, literal, render};

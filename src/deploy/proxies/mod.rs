//! Proxies other than nginx, which four domains are: each runs in a container of its own and learns of apps from labels
//! on their containers. What they have in common is here: commands, reactions, which labels an app gets.

mod kind;
pub mod labels;
mod logs;
pub mod on;
mod properties;
mod reach;
mod show_config;
mod start;
mod stop;
mod web;

pub(crate) use kind::commands;
pub use kind::{Commands, LabelProxy, Table};
pub use logs::Logs;
pub(crate) use properties::rows;
pub use properties::{
    computed, email, http_port, https_port, image, log_level, published, quotable, server, variables,
};
pub use show_config::ShowConfig;
pub use start::Start;
pub use stop::Stop;
pub use web::{Way, Web};

//! Pure nouns: parse and print, nothing else. No file, no clock, no engine, no async.

pub mod app_json;
mod app_name;
pub mod app_url;
pub mod build_plan;
pub mod command_line;
pub mod docker_args;
pub mod dockerfile;
pub mod dockerignore;
mod domain_name;
pub mod dotenv;
mod dyno;
mod fault;
pub mod listening_sockets;
pub mod near;
mod plugin_manifest;
pub mod port_map;
mod process_type;
pub mod procfile;
pub mod run_plan;
pub mod scale;
mod scope;
pub mod size;
pub mod template;

pub use app_json::AppJson;
pub use app_name::AppName;
pub use build_plan::BuildPlan;
pub use domain_name::{DomainName, is_address};
pub use dyno::Dyno;
pub use fault::{Context, Fault, Outcome};
pub use plugin_manifest::{Compatible, PluginManifest, PluginTable};
pub use port_map::{PortMap, PortRemoval, PortScheme};
pub use process_type::ProcessType;
pub use procfile::Procfile;
pub use run_plan::RunPlan;
pub use scale::Scale;
pub use scope::Scope;

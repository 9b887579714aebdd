//! Pure nouns: parse and print, nothing else. No file, no clock, no engine, no async.

mod app_name;
pub mod build_plan;
mod domain_name;
pub mod dotenv;
mod fault;
pub mod port_map;
mod process_type;
pub mod run_plan;
mod scope;
pub mod size;

pub use app_name::AppName;
pub use build_plan::BuildPlan;
pub use domain_name::{DomainName, is_address};
pub use fault::{Context, Fault, Outcome};
pub use port_map::{PortMap, PortRemoval, PortScheme};
pub use process_type::ProcessType;
pub use run_plan::RunPlan;
pub use scope::Scope;

//! Pure nouns: parse and print, nothing else. No file, no clock, no engine, no async.

mod app_name;
pub mod dotenv;
mod fault;
mod process_type;
mod scope;

pub use app_name::AppName;
pub use fault::{Context, Fault, Outcome};
pub use process_type::ProcessType;
pub use scope::Scope;

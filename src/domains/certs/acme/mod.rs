//! Certificates from an authority: asked for, proven, installed.

mod by_dns;
mod by_http;
mod obtain;
mod settings;

pub use by_http::withdraw as withdraw_proof;
pub use obtain::{obtain, refresh};
pub use settings::Wanted;

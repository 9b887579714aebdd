//! The effective settings of an app, defaults that depend on app or machine included.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::properties::PROPERTIES;
use crate::deploy::proxies;
use crate::kernel::{Ctx, Result};
use crate::model::Scope;
use crate::platform::listening;

/// Where logs are kept in the proxy's container.
const LOG_FOLDER: &str = "/var/log/nginx";

/// The effective value of a setting.
///
/// # Errors
/// When it cannot be read.
pub fn of(ctx: &Ctx, scope: &Scope, key: &str) -> Result<String> {
    let value = proxies::computed(ctx, &PROPERTIES, scope, key)?;
    if key == "allowed-letsencrypt-domains-func-base64" {
        return Ok(STANDARD.encode(value));
    }
    let page = listening::page_size() / 1024;
    Ok(match (key, value.as_str()) {
        ("access-log-path", "") => format!("{LOG_FOLDER}/{scope}-access.log"),
        ("error-log-path", "") => format!("{LOG_FOLDER}/{scope}-error.log"),
        ("proxy-buffer-size", "") => format!("{page}k"),
        ("proxy-buffers", "") => format!("8 {page}k"),
        ("proxy-busy-buffers-size", "") => format!("{}k", page * 2),
        _ => value,
    })
}

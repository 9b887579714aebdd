//! The effective settings of an app, defaults that depend on app or machine included.

use super::properties::PROPERTIES;
use crate::kernel::{Ctx, Result};
use crate::model::Scope;
use crate::platform::listening;

/// Where nginx keeps its logs (contract: layout.md section 7).
pub const LOG_FOLDER: &str = "/var/log/nginx";

/// The effective value of a setting.
///
/// # Errors
/// When it cannot be read.
pub fn of(ctx: &Ctx, scope: &Scope, key: &str) -> Result<String> {
    let value = PROPERTIES.computed(ctx, scope, key)?;
    Ok(if value.is_empty() { default_of(scope, key) } else { value })
}

fn default_of(scope: &Scope, key: &str) -> String {
    let page = listening::page_size() / 1024;
    match key {
        "access-log-path" => format!("{LOG_FOLDER}/{scope}-access.log"),
        "error-log-path" => format!("{LOG_FOLDER}/{scope}-error.log"),
        "proxy-buffer-size" => format!("{page}k"),
        "proxy-buffers" => format!("8 {page}k"),
        "proxy-busy-buffers-size" => format!("{}k", page * 2),
        _ => String::new(),
    }
}

/// The settings as server blocks need them, all as text.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The access log's path and format, as they stand behind `access_log`.
    pub access_log: String,
    /// The error log's path.
    pub error_log: String,
    /// Whether names of headers may hold underscores.
    pub underscores: String,
    /// `client_body_timeout`.
    pub client_body_timeout: String,
    /// `client_header_timeout`.
    pub client_header_timeout: String,
    /// `client_max_body_size`.
    pub client_max_body_size: String,
    /// `keepalive_timeout`.
    pub keepalive_timeout: String,
    /// `lingering_timeout`.
    pub lingering_timeout: String,
    /// `send_timeout`.
    pub send_timeout: String,
    /// `proxy_connect_timeout`.
    pub connect_timeout: String,
    /// `proxy_read_timeout`.
    pub read_timeout: String,
    /// `proxy_send_timeout`.
    pub proxy_send_timeout: String,
    /// `proxy_buffer_size`.
    pub buffer_size: String,
    /// `proxy_buffering`.
    pub buffering: String,
    /// `proxy_buffers`.
    pub buffers: String,
    /// `proxy_busy_buffers_size`.
    pub busy_buffers_size: String,
    /// Idle connections kept to containers; empty for none.
    pub keepalive: String,
    /// X-Forwarded-For.
    pub forwarded_for: String,
    /// X-Forwarded-Port.
    pub forwarded_port: String,
    /// X-Forwarded-Proto.
    pub forwarded_proto: String,
    /// X-Forwarded-Ssl; empty for no such header.
    pub forwarded_ssl: String,
}

impl Settings {
    /// Reads the settings of an app.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn read(ctx: &Ctx, scope: &Scope) -> Result<Self> {
        let get = |key| of(ctx, scope, key);
        let (path, format) = (get("access-log-path")?, get("access-log-format")?);
        let has_format = !format.is_empty() && path != "off";
        Ok(Settings {
            access_log: if has_format { format!("{path} {format}") } else { path },
            error_log: get("error-log-path")?,
            underscores: get("underscore-in-headers")?,
            client_body_timeout: get("client-body-timeout")?,
            client_header_timeout: get("client-header-timeout")?,
            client_max_body_size: get("client-max-body-size")?,
            keepalive_timeout: get("keepalive-timeout")?,
            lingering_timeout: get("lingering-timeout")?,
            send_timeout: get("send-timeout")?,
            connect_timeout: get("proxy-connect-timeout")?,
            read_timeout: get("proxy-read-timeout")?,
            proxy_send_timeout: get("proxy-send-timeout")?,
            buffer_size: get("proxy-buffer-size")?,
            buffering: get("proxy-buffering")?,
            buffers: get("proxy-buffers")?,
            busy_buffers_size: get("proxy-busy-buffers-size")?,
            keepalive: get("proxy-keepalive")?,
            forwarded_for: get("x-forwarded-for-value")?,
            forwarded_port: get("x-forwarded-port-value")?,
            forwarded_proto: get("x-forwarded-proto-value")?,
            forwarded_ssl: get("x-forwarded-ssl")?,
        })
    }
}

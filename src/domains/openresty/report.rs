//! The rows of openresty:report.

use super::settings::of;
use crate::deploy::proxies::rows;
use crate::kernel::Report;

/// The report.
pub const REPORT: Report = Report {
    kind: "openresty",
    prefix: "openresty",
    has_legacy_json: false,
    has_small_labels: false,
    keys: rows!(
        "openresty", of;
        "allowed-letsencrypt-domains-func-base64" "http-port" "https-port" "image" "letsencrypt-email"
        "letsencrypt-server" "log-level";
        "access-log-format" "access-log-path" "bind-address-ipv4" "bind-address-ipv6" "client-body-timeout"
        "client-header-timeout" "client-max-body-size" "error-log-path" "hsts" "hsts-include-subdomains"
        "hsts-max-age" "hsts-preload" "keepalive-timeout" "lingering-timeout" "proxy-buffer-size"
        "proxy-buffering" "proxy-buffers" "proxy-busy-buffers-size" "proxy-connect-timeout"
        "proxy-read-timeout" "proxy-send-timeout" "send-timeout" "underscore-in-headers"
        "x-forwarded-for-value" "x-forwarded-port-value" "x-forwarded-proto-value" "x-forwarded-ssl"
    ),
    extra: None,
};

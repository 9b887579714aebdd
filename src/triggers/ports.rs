//! Port mappings.

use crate::kernel::trigger;
use crate::model::AppName;

trigger! {
    /// Forget all mappings of an app, its own and the detected ones.
    PortsClear = "ports-clear" { app: AppName } -> ()

    /// Make sure that the ports the proxy listens on for an app are decided and stored.
    PortsConfigure = "ports-configure" { app: AppName } -> ()

    /// The mappings that take effect: `scheme:host-port:container-port` lines.
    PortsGet = "ports-get" { app: AppName, format: String } -> Vec<String>

    /// A port that nobody listens on.
    PortsGetAvailable = "ports-get-available" {} -> String

    /// The effective `proxy-port` or `proxy-ssl-port` of an app; 0 when none is set.
    PortsGetProperty = "ports-get-property" { app: AppName, key: String } -> String

    /// What a build found to be exposed: replaces the detected list.
    PortsSetDetected = "ports-set-detected" { app: AppName, mappings: Vec<String> } -> ()

    /// The mappings of an app changed: `add`, `clear`, `remove`, `set`.
    PostProxyPortsUpdate = "post-proxy-ports-update" { app: AppName, action: String } -> ()
}

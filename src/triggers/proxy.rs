//! The proxy in front of the apps.

use crate::kernel::trigger;
use crate::model::AppName;

trigger! {
    /// Route to what the app runs now.
    ProxyBuildConfig = "proxy-build-config" { app: AppName } -> ()

    /// Forget the routes of an app, or of all (`--all`).
    ProxyClearConfig = "proxy-clear-config" { app: String } -> ()

    /// The proxy was turned off for an app.
    ProxyDisable = "proxy-disable" { app: AppName } -> ()

    /// The proxy was turned on for an app.
    ProxyEnable = "proxy-enable" { app: AppName } -> ()

    /// Whether the proxy routes to the app.
    ProxyIsEnabled = "proxy-is-enabled" { app: AppName } -> bool

    /// Asks for a proxy for an app for which none was chosen. The first name that is printed wins; none is nginx.
    ProxyOffer = "proxy-offer" { app: AppName } -> Vec<String>

    /// Which proxy routes to the app.
    ProxyType = "proxy-type" { app: AppName } -> String
}

//! Domains of apps, and the addresses they answer at.

use crate::kernel::trigger;
use crate::model::AppName;

trigger! {
    /// Addresses of an app that a plugin knows better than we do; whoever answers replaces ours.
    AppUrls = "app-urls" { app: AppName, url_type: String } -> String

    /// Add a domain to an app.
    DomainsAdd = "domains-add" { app: AppName, domain: String } -> ()

    /// Turn domains off for an app.
    DomainsDisable = "domains-disable" { app: AppName, restart_app: String } -> ()

    /// Turn domains on for an app.
    DomainsEnable = "domains-enable" { app: AppName, restart_app: String } -> ()

    /// The domains of an app.
    DomainsList = "domains-list" { app: AppName } -> Vec<String>

    /// The addresses of an app. `url`: the first of the default scheme; `urls`: all, Dokku's values first, then
    /// further ones that answer; `published`: those that open from outside, with the ports people type.
    DomainsUrls = "domains-urls" { app: AppName, url_type: String } -> Vec<String>

    /// Fails when domains are turned off for the app.
    DomainsVhostEnabled = "domains-vhost-enabled" { app: AppName } -> ()

    /// The domains of an app changed: `add`, `clear`, `remove`, `set`, `reset`, `enable`, `disable`; nothing when its certificate did.
    PostDomainsUpdate = "post-domains-update" { app: AppName, action: String, domains: Vec<String> } -> ()

    /// Domains are about to be turned off for an app.
    PreDisableVhost = "pre-disable-vhost" { app: AppName } -> ()

    /// Domains are about to be turned on for an app.
    PreEnableVhost = "pre-enable-vhost" { app: AppName } -> ()
}

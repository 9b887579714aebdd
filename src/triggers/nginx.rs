//! What plugins may add to nginx.

use crate::kernel::trigger;
use crate::model::AppName;

trigger! {
    /// A sigil template to use instead of ours: `app-config`, `hsts-config` or `validate-config`.
    NginxAppTemplateSource = "nginx-app-template-source" { app: AppName, template_type: String } -> String

    /// The domain of a new app instead of `subdomain.vhost`.
    NginxHostname = "nginx-hostname" { app: AppName, subdomain: String, vhost: String } -> String

    /// The configuration of an app was written and is about to be tested; a failure stops that.
    NginxPreReload = "nginx-pre-reload" { app: AppName, port: String, ip: String } -> ()
}

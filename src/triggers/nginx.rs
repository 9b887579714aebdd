//! What plugins may change of proxies and of what else runs beside the apps.

use crate::kernel::trigger;
use crate::model::AppName;

trigger! {
    /// A sigil template to use instead of ours: `app-config`, `hsts-config` or `validate-config`.
    NginxAppTemplateSource = "nginx-app-template-source" { app: AppName, template_type: String } -> String

    /// A file to use as nginx's own configuration for all apps instead of ours.
    NginxDokkuTemplateSource = "nginx-dokku-template-source" {} -> String

    /// A compose template to use for Caddy instead of ours.
    CaddyTemplateSource = "caddy-template-source" { app: String } -> String

    /// A compose template to use for HAProxy instead of ours.
    HaproxyTemplateSource = "haproxy-template-source" { app: String } -> String

    /// A compose template to use for OpenResty instead of ours.
    OpenrestyTemplateSource = "openresty-template-source" { app: String } -> String

    /// A compose template to use for Traefik instead of ours.
    TraefikTemplateSource = "traefik-template-source" { app: String } -> String

    /// A compose template to use for Vector instead of ours.
    VectorTemplateSource = "vector-template-source" {} -> String

    /// The domain of a new app instead of `subdomain.vhost`.
    NginxHostname = "nginx-hostname" { app: AppName, subdomain: String, vhost: String } -> String

    /// The configuration of an app was written and is about to be tested; a failure stops that.
    NginxPreReload = "nginx-pre-reload" { app: AppName, port: String, ip: String } -> ()
}

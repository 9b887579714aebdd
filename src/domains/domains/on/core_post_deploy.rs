use std::path::Path;

use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::platform::files;
use crate::store::vhosts;
use crate::triggers;

/// Where distributions put the site that answers every name.
const DEFAULT_SITE: &str = "/etc/nginx/sites-enabled/default";

/// Warns of a default site that would answer instead of an app whose domain, or the global one, is an address.
pub struct Warn;

impl Reaction for Warn {
    type Trigger = triggers::CorePostDeploy;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        if ctx.fire(triggers::ProxyType { app: trigger.app.clone() }).await? != "nginx" {
            return Ok(());
        }
        if !files::exists(Path::new(DEFAULT_SITE)) {
            return Ok(());
        }
        // An app below a global address has no domains of its own: that address is what its users type.
        let mut domains = vhosts::read(ctx.layout(), &Scope::Global)?;
        if vhosts::is_enabled(ctx.layout(), &trigger.app)? {
            domains.extend(vhosts::read(ctx.layout(), &Scope::from(&trigger.app))?);
        }
        for domain in domains {
            let kind = match domain.parse() {
                Ok(std::net::IpAddr::V4(_)) => "IPv4",
                Ok(std::net::IpAddr::V6(_)) => "IPv6",
                Err(_) => continue,
            };
            ctx.out.warn(format!("Detected {kind} domain name with nginx proxy enabled."));
            ctx.out.warn("Ensure the default nginx site is removed before continuing.");
            break;
        }
        Ok(())
    }
}

//! What caddy is told: as a compose file, and by the labels of web containers (facts: caddy-docker-proxy).

use super::properties::PROPERTIES;
use crate::deploy::proxies::{LabelProxy, Table, Way, Web, commands};
use crate::kernel::{Ctx, Result};
use crate::model::{AppName, Scope};
use crate::store::apps;
use crate::triggers;

/// Caddy, with caddy-docker-proxy in it.
pub struct Caddy;

impl LabelProxy for Caddy {
    const TABLE: &'static Table = &Table {
        name: "caddy",
        commands: commands!("caddy"),
        properties: &PROPERTIES,
        template: include_str!("compose.yml.sigil"),
        data: "caddy",
        prefix: "CADDY",
    };

    async fn template_source(ctx: &Ctx) -> Result<String> {
        ctx.fire(triggers::CaddyTemplateSource { app: String::new() }).await
    }

    fn variables(ctx: &Ctx) -> Result<Vec<(&'static str, String)>> {
        let get = |key| PROPERTIES.computed(ctx, &Scope::Global, key);
        let has_tls = !get("letsencrypt-email")?.is_empty() || is_anybody_internal(ctx)?;
        Ok(vec![
            ("POLLING_INTERVAL", get("polling-interval")?),
            ("TLS", if has_tls { "true".to_owned() } else { String::new() }),
        ])
    }

    async fn labels(ctx: &Ctx, web: &Web) -> Result<Vec<(String, String)>> {
        let app: AppName = web.app.parse()?;
        let tls = if is_internal(ctx, &app)? {
            Tls::Internal
        } else if PROPERTIES.computed(ctx, &Scope::Global, "letsencrypt-email")?.is_empty() {
            Tls::None
        } else {
            Tls::Authority
        };
        let site = Site::of(web, tls);
        if let Some(way) = site.way {
            way.warn(ctx);
        }
        Ok(site.labels())
    }

    fn note(ctx: &Ctx, app: &AppName) -> Result {
        if is_internal(ctx, app)? {
            ctx.out.warn(
                "Warning: using caddy's internal, locally-trusted CA to produce certificates for this site",
            );
        }
        Ok(())
    }
}

fn is_internal(ctx: &Ctx, app: &AppName) -> Result<bool> {
    Ok(PROPERTIES.computed(ctx, &Scope::from(app), "tls-internal")? == "true")
}

/// Whether any app wants certificates of caddy's own authority: then its port for TLS is needed.
fn is_anybody_internal(ctx: &Ctx) -> Result<bool> {
    for app in apps::all(ctx.layout())? {
        if is_internal(ctx, &app)? {
            return Ok(true);
        }
    }
    Ok(PROPERTIES.computed(ctx, &Scope::Global, "tls-internal")? == "true")
}

/// Who gives certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tls {
    None,
    Authority,
    Internal,
}

/// A site of caddy: its names, and where it leads.
struct Site<'a> {
    web: &'a Web,
    tls: Tls,
    way: Option<&'a Way>,
}

impl<'a> Site<'a> {
    fn of(web: &'a Web, tls: Tls) -> Self {
        let way = match tls {
            Tls::None => web.plain.as_ref(),
            Tls::Authority | Tls::Internal => web.tls.as_ref().or(web.plain.as_ref()),
        };
        Site { web, tls, way }
    }

    fn labels(&self) -> Vec<(String, String)> {
        let Some(way) = self.way.filter(|_| !self.web.domains.is_empty()) else { return Vec::new() };
        // A name without a port is served with TLS, and by it from port 80 as well.
        let port = if self.tls == Tls::None { ":80" } else { "" };
        let names: Vec<String> = self.web.domains.iter().map(|domain| format!("{domain}{port}")).collect();
        let mut labels = vec![
            ("caddy".to_owned(), names.join(", ")),
            ("caddy.reverse_proxy".to_owned(), format!("{{{{ upstreams {} }}}}", way.container)),
        ];
        if self.tls == Tls::Internal {
            labels.push(("caddy.tls".to_owned(), "internal".to_owned()));
        }
        if let Some(network) = &self.web.network {
            labels.push(("caddy_ingress_network".to_owned(), network.clone()));
        }
        labels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(domains: &str, mappings: &str, tls: Tls) -> String {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        let web = Web::new("shop", words(domains), words(mappings), tls == Tls::Authority);
        let labels = Site::of(&web, tls).labels();
        labels.iter().map(|(key, value)| format!("{key}={value}\n")).collect()
    }

    #[test]
    fn names_have_a_port_only_where_there_is_no_tls() {
        assert_eq!(
            labels("a.com b.com", "http:8080:1 http:80:5000 https:443:6000", Tls::None),
            "caddy=a.com:80, b.com:80\ncaddy.reverse_proxy={{ upstreams 5000 }}\n"
        );
        assert_eq!(
            labels("a.com b.com", "http:80:5000 https:443:6000", Tls::Authority),
            "caddy=a.com, b.com\ncaddy.reverse_proxy={{ upstreams 6000 }}\n"
        );
        assert_eq!(
            labels("a.com", "http:80:5000", Tls::Authority),
            "caddy=a.com\ncaddy.reverse_proxy={{ upstreams 5000 }}\n"
        );
        assert_eq!(
            labels("a.com", "http:80:5000", Tls::Internal),
            "caddy=a.com\ncaddy.reverse_proxy={{ upstreams 5000 }}\ncaddy.tls=internal\n"
        );
    }

    #[test]
    fn an_app_without_names_or_ports_has_no_site() {
        assert_eq!(labels("", "http:80:5000", Tls::None), "");
        assert_eq!(labels("a.com", "tcp:80:5000 https:443:1", Tls::None), "");
    }
}

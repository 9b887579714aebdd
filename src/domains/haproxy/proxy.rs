//! What haproxy is told: as a compose file, and by the labels of web containers (facts: easy-haproxy).

use super::properties::PROPERTIES;
use crate::deploy::proxies::{LabelProxy, Table, Web, commands};
use crate::kernel::{Ctx, Result};
use crate::model::Scope;
use crate::triggers;

/// HAProxy, with easy-haproxy in it.
pub struct Haproxy;

impl LabelProxy for Haproxy {
    const TABLE: &'static Table = &Table {
        name: "haproxy",
        commands: commands!("haproxy"),
        properties: &PROPERTIES,
        template: include_str!("compose.yml.sigil"),
        data: "haproxy",
        prefix: "HAPROXY",
    };

    async fn template_source(ctx: &Ctx) -> Result<String> {
        ctx.fire(triggers::HaproxyTemplateSource { app: String::new() }).await
    }

    fn variables(ctx: &Ctx) -> Result<Vec<(&'static str, String)>> {
        Ok(vec![("REFRESH_CONF", PROPERTIES.computed(ctx, &Scope::Global, "refresh-conf")?)])
    }

    async fn labels(ctx: &Ctx, web: &Web) -> Result<Vec<(String, String)>> {
        for way in [&web.plain, &web.tls].into_iter().flatten() {
            way.warn(ctx);
        }
        Ok(labels(web))
    }
}

/// One definition for plain requests and one for those with TLS. Which network is taken is easy-haproxy's own care: it
/// brings a container that it does not reach into its own.
fn labels(web: &Web) -> Vec<(String, String)> {
    let mut labels = Vec::new();
    let hosts = web.domains.join(",");
    let mut add = |definition: &str, key: &str, value: &str| {
        labels.push((format!("haproxy.{}-{definition}.{key}", web.app), value.to_owned()));
    };
    if let Some(way) = &web.plain {
        add("web", "localport", &way.container.to_string());
        add("web", "mode", "http");
        add("web", "port", "80");
        if !hosts.is_empty() {
            add("web", "host", &hosts);
        }
    }
    add("web", "redirect_ssl", if web.tls.is_some() { "true" } else { "false" });
    if let Some(way) = &web.tls {
        add("web-https", "letsencrypt", "true");
        add("web-https", "localport", &way.container.to_string());
        add("web-https", "mode", "http");
        add("web-https", "port", "443");
        if !hosts.is_empty() {
            add("web-https", "host", &hosts);
        }
    }
    labels
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(mappings: &[&str], gets_certificates: bool, expected: Expect) {
        let mappings = mappings.iter().map(|mapping| (*mapping).to_owned()).collect();
        let domains = vec!["a.com".to_owned(), "b.com".to_owned()];
        let labels = labels(&Web::new("shop", domains, mappings, gets_certificates));
        expected.assert_eq(&labels.iter().map(|(key, value)| format!("{key}={value}\n")).collect::<String>());
    }

    #[test]
    fn plain_requests_alone() {
        check(
            &["http:80:5000"],
            false,
            expect![[r#"
                haproxy.shop-web.localport=5000
                haproxy.shop-web.mode=http
                haproxy.shop-web.port=80
                haproxy.shop-web.host=a.com,b.com
                haproxy.shop-web.redirect_ssl=false
            "#]],
        );
    }

    #[test]
    fn both() {
        check(
            &["http:80:5000"],
            true,
            expect![[r#"
                haproxy.shop-web.localport=5000
                haproxy.shop-web.mode=http
                haproxy.shop-web.port=80
                haproxy.shop-web.host=a.com,b.com
                haproxy.shop-web.redirect_ssl=true
                haproxy.shop-web-https.letsencrypt=true
                haproxy.shop-web-https.localport=5000
                haproxy.shop-web-https.mode=http
                haproxy.shop-web-https.port=443
                haproxy.shop-web-https.host=a.com,b.com
            "#]],
        );
    }
}

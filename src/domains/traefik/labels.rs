//! What traefik is told of an app by the labels of its web containers.

use crate::deploy::proxies::Web;

/// How traefik asks a container whether it is well: the app's own readiness check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Probe {
    path: String,
    /// Further settings, as traefik names them.
    more: Vec<(&'static str, String)>,
}

impl Probe {
    /// The first check of an app.json that asks web containers for a path to find out whether they are ready.
    pub fn of(app_json: &str) -> Option<Self> {
        let content: serde_json::Value = serde_json::from_str(app_json).ok()?;
        let checks = content["healthchecks"]["web"].as_array()?;
        let path = |check: &serde_json::Value| {
            let is_readiness = check["type"] == "readiness";
            check["path"].as_str().filter(|path| is_readiness && !path.is_empty()).map(str::to_owned)
        };
        let (check, path) = checks.iter().find_map(|check| Some((check, path(check)?)))?;
        let mut more = Vec::new();
        if let Some(scheme) = check["scheme"].as_str().filter(|scheme| !scheme.is_empty()) {
            more.push(("scheme", scheme.to_owned()));
        }
        for (key, name, unit) in
            [("port", "port", ""), ("timeout", "timeout", "s"), ("wait", "interval", "s")]
        {
            if let Some(number) = check[key].as_u64() {
                more.push((name, format!("{number}{unit}")));
            }
        }
        Some(Probe { path, more })
    }
}

/// The labels: a service and a router for plain requests, and one for those with TLS.
pub fn of(web: &Web, entry_points: (&str, &str), probe: Option<&Probe>) -> Vec<(String, String)> {
    let mut labels = vec![("traefik.enable".to_owned(), "true".to_owned())];
    if let Some(network) = &web.network {
        labels.push(("traefik.docker.network".to_owned(), network.clone()));
    }
    let hosts: Vec<String> = web.domains.iter().map(|domain| format!("Host(`{domain}`)")).collect();
    for (way, kind, entry_point) in
        [(&web.plain, "http", entry_points.0), (&web.tls, "https", entry_points.1)]
    {
        let Some(way) = way else { continue };
        let name = format!("{}-web-{kind}", web.app);
        let mut router = |key: &str, value: String| {
            labels.push((format!("traefik.http.routers.{name}.{key}"), value));
        };
        router("entrypoints", entry_point.to_owned());
        router("service", name.clone());
        if !hosts.is_empty() {
            router("rule", hosts.join(" || "));
        }
        if kind == "https" {
            router("tls.certresolver", "leresolver".to_owned());
        }
        let mut service = |key: &str, value: String| {
            labels.push((format!("traefik.http.services.{name}.loadbalancer.{key}"), value));
        };
        service("server.port", way.container.to_string());
        if let Some(probe) = probe {
            service("healthcheck.path", probe.path.clone());
            for (key, value) in &probe.more {
                service(&format!("healthcheck.{key}"), value.clone());
            }
        }
    }
    labels
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(mappings: &[&str], gets_certificates: bool, app_json: &str, expected: Expect) {
        let mappings = mappings.iter().map(|mapping| (*mapping).to_owned()).collect();
        let domains = vec!["a.com".to_owned(), "b.com".to_owned()];
        let web = Web::new("shop", domains, mappings, gets_certificates);
        let labels = of(&web, ("http", "https"), Probe::of(app_json).as_ref());
        expected.assert_eq(&labels.iter().map(|(key, value)| format!("{key}={value}\n")).collect::<String>());
    }

    #[test]
    fn plain_requests_alone() {
        check(
            &["http:80:5000"],
            false,
            "{}",
            expect![[r#"
                traefik.enable=true
                traefik.http.routers.shop-web-http.entrypoints=http
                traefik.http.routers.shop-web-http.service=shop-web-http
                traefik.http.routers.shop-web-http.rule=Host(`a.com`) || Host(`b.com`)
                traefik.http.services.shop-web-http.loadbalancer.server.port=5000
            "#]],
        );
    }

    #[test]
    fn both_and_the_readiness_check_of_the_app() {
        check(
            &["http:80:5000", "https:443:6000"],
            true,
            r#"{"healthchecks": {"web": [{"type": "startup", "path": "/no"},
                {"type": "readiness", "path": "/up", "port": 7000, "timeout": 5, "wait": 2}]}}"#,
            expect![[r#"
                traefik.enable=true
                traefik.http.routers.shop-web-http.entrypoints=http
                traefik.http.routers.shop-web-http.service=shop-web-http
                traefik.http.routers.shop-web-http.rule=Host(`a.com`) || Host(`b.com`)
                traefik.http.services.shop-web-http.loadbalancer.server.port=5000
                traefik.http.services.shop-web-http.loadbalancer.healthcheck.path=/up
                traefik.http.services.shop-web-http.loadbalancer.healthcheck.port=7000
                traefik.http.services.shop-web-http.loadbalancer.healthcheck.timeout=5s
                traefik.http.services.shop-web-http.loadbalancer.healthcheck.interval=2s
                traefik.http.routers.shop-web-https.entrypoints=https
                traefik.http.routers.shop-web-https.service=shop-web-https
                traefik.http.routers.shop-web-https.rule=Host(`a.com`) || Host(`b.com`)
                traefik.http.routers.shop-web-https.tls.certresolver=leresolver
                traefik.http.services.shop-web-https.loadbalancer.server.port=6000
                traefik.http.services.shop-web-https.loadbalancer.healthcheck.path=/up
                traefik.http.services.shop-web-https.loadbalancer.healthcheck.port=7000
                traefik.http.services.shop-web-https.loadbalancer.healthcheck.timeout=5s
                traefik.http.services.shop-web-https.loadbalancer.healthcheck.interval=2s
            "#]],
        );
    }
}

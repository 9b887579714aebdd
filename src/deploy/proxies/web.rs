//! What a proxy is told of an app: where it is asked for, and on which ports it listens. These proxies lead one plain
//! and one TLS port to an app.

use crate::kernel::{Ctx, Result};
use crate::model::{AppName, port_map};
use crate::triggers;

/// An app as one of these proxies sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Web {
    /// The app's name.
    pub app: String,
    /// Its domains.
    pub domains: Vec<String>,
    /// The mapping of plain requests: that of port 80, else the first.
    pub plain: Option<Way>,
    /// The mapping of requests with TLS: that of port 443, else the first.
    pub tls: Option<Way>,
    /// All mappings, as they are written.
    pub mappings: Vec<String>,
    /// The network that proxy and app meet in, where it is not the engine's default one.
    pub network: Option<String>,
}

/// A mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The port people ask at.
    pub host: u16,
    /// The port of the container.
    pub container: u16,
    /// How it is written.
    scheme: &'static str,
    /// The one that would have been taken, had there been such a mapping.
    missing: Option<&'static str>,
}

impl Way {
    fn of(mappings: &[String], scheme: &'static str, usual: u16, name: &'static str) -> Option<Self> {
        let mut of_scheme = mappings.iter().filter_map(|mapping| {
            let (found, rest) = mapping.split_once(':')?;
            let (host, container) = rest.split_once(':')?;
            Some((found, port_map::port(host)?, port_map::port(container)?))
        });
        let ways: Vec<(u16, u16)> = of_scheme
            .by_ref()
            .filter(|(found, ..)| *found == scheme)
            .map(|(_, host, container)| (host, container))
            .collect();
        let (host, container) = ways.iter().find(|(host, _)| *host == usual).or(ways.first()).copied()?;
        Some(Way { host, container, scheme, missing: (host != usual).then_some(name) })
    }

    /// Says that another mapping than the usual one is taken.
    pub fn warn(&self, ctx: &Ctx) {
        if let Some(missing) = self.missing {
            let scheme = missing.split(':').next().unwrap_or_default();
            ctx.out.warn(format!("Warning: {missing} port mapping not found"));
            ctx.out.warn(format!(
                "Utilizing first {scheme} port mapping, {}:{}:{}",
                self.scheme, self.host, self.container
            ));
        }
    }
}

impl Web {
    /// From what is known of an app. A proxy that gets certificates by itself answers to TLS where no mapping says so.
    pub fn new(app: &str, domains: Vec<String>, mappings: Vec<String>, gets_certificates: bool) -> Self {
        let plain = Way::of(&mappings, "http", 80, "http:80");
        let mut tls = Way::of(&mappings, "https", 443, "https:443");
        if gets_certificates && tls.is_none() {
            tls = plain.clone().map(|way| Way { missing: Some("https:443"), ..way });
        }
        Web { app: app.to_owned(), domains, plain, tls, mappings, network: None }
    }

    /// The app as it is now.
    ///
    /// # Errors
    /// When domains or ports cannot be told.
    pub(super) async fn of(ctx: &Ctx, app: &AppName, gets_certificates: bool) -> Result<Self> {
        ctx.silenced().fire(triggers::PortsConfigure { app: app.clone() }).await?;
        let mappings = ctx.fire(triggers::PortsGet { app: app.clone(), format: String::new() }).await?;
        let domains = ctx.fire(triggers::DomainsList { app: app.clone() }).await?;
        Ok(Web::new(app.as_str(), domains, mappings, gets_certificates))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ports(mappings: &[&str], gets_certificates: bool) -> [Option<(u16, bool)>; 2] {
        let mappings = mappings.iter().map(|mapping| (*mapping).to_owned()).collect();
        let web = Web::new("shop", Vec::new(), mappings, gets_certificates);
        [web.plain, web.tls].map(|way| way.map(|way| (way.container, way.missing.is_none())))
    }

    #[test]
    fn the_usual_ports_go_before_the_first() {
        assert_eq!(
            ports(&["http:8080:1", "http:80:2", "https:443:3"], false),
            [Some((2, true)), Some((3, true))]
        );
        assert_eq!(
            ports(&["tcp:5:5", "http:8080:1", "https:8443:2"], false),
            [Some((1, false)), Some((2, false))]
        );
        assert_eq!(ports(&["udp:5:5", "nonsense"], true), [None, None]);
    }

    #[test]
    fn a_proxy_with_certificates_of_its_own_needs_no_mapping_for_them() {
        assert_eq!(ports(&["http:80:5000"], true), [Some((5000, true)), Some((5000, false))]);
        assert_eq!(ports(&["http:80:5000"], false), [Some((5000, true)), None]);
    }
}

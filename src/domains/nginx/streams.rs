//! What nginx passes on without understanding it: TCP and UDP ports of an app, as a value and as text. It stands in a file
//! of its own, because nginx reads it in another context than server blocks of HTTP.

use std::path::PathBuf;

use askama::Template;

use super::handover::Handover;
use super::site::{Listeners, Upstream, upstream_name, upstreams};
use crate::kernel::{Failure, Result};
use crate::model::AppName;
use crate::model::port_map::{PortMap, PortScheme};

/// The ports of an app that are passed on.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "txt",
    source = r#"# Made by Dokku: changes are lost with the next deploy. TCP and UDP ports of {{ app }}.
{% for server in servers -%}
{% if server.is_tls && !domains.is_empty() -%}
# First of its port for whoever asks for a name of nobody.
server {
{%- for address in addresses %}
  listen      {{ address }}{{ server.port }} ssl;
{%- endfor %}
{%- if let Some(handover) = self.handover_on(server) %}
  listen      {{ handover.address }}:{{ server.port }} ssl proxy_protocol;
{%- endif %}
  server_name {{ app }}.nobody.invalid;
  ssl_reject_handshake on;
  return      "";
}

{% endif -%}
server {
{%- for address in addresses %}
  listen      {{ address }}{{ server.port }}{{ server.listen_words() }};
{%- endfor %}
{%- if let Some(handover) = self.handover_on(server) %}
  listen      {{ handover.address }}:{{ server.port }}{% if server.is_tls %} ssl{% endif %} proxy_protocol;
  set_real_ip_from {{ handover.subnet }};
{%- endif %}
{%- if server.is_tls %}
{%- if !domains.is_empty() %}
  server_name {{ domains.join(" ") }};
{%- endif %}
  ssl_certificate           {{ tls.display() }}/server.crt;
  ssl_certificate_key       {{ tls.display() }}/server.key;
  ssl_protocols             TLSv1.2 TLSv1.3;
  ssl_prefer_server_ciphers off;
{%- endif %}
{%- if let Some(path) = access_log %}
  access_log  {{ path }} passed_on;
{%- endif %}
  error_log   {{ error_log }};
  proxy_pass  {{ server.upstream }};
  proxy_connect_timeout {{ connect_timeout }};
{%- if server.is_udp %}
  proxy_timeout 60s;
{%- else %}
  proxy_timeout 24h;
  proxy_socket_keepalive on;
{%- endif %}
}

{% endfor -%}
{% for upstream in upstreams -%}
upstream {{ upstream.name }} {
{%- for address in upstream.servers %}
  server {{ address }};
{%- endfor %}
}

{% endfor -%}
"#
)]
pub struct StreamSite {
    app: AppName,
    domains: Vec<String>,
    addresses: Vec<String>,
    tls: PathBuf,
    handover: Option<Handover>,
    access_log: Option<String>,
    error_log: String,
    connect_timeout: String,
    servers: Vec<StreamServer>,
    upstreams: Vec<Upstream>,
}

/// One port.
#[derive(Clone, Debug, PartialEq, Eq)]
struct StreamServer {
    port: u16,
    is_tls: bool,
    is_udp: bool,
    upstream: String,
}

impl StreamServer {
    /// A client that is gone is noticed by TCP itself; datagrams of a client go to one and the same worker.
    fn listen_words(&self) -> &'static str {
        match (self.is_udp, self.is_tls) {
            (true, _) => " udp reuseport",
            // Shared by apps: of all who listen on it, one alone could say more.
            (false, true) => " ssl",
            (false, false) => " so_keepalive=on",
        }
    }
}

/// What a stream site shares with the server blocks of HTTP.
pub struct Shared {
    /// The names that clients over TLS ask for.
    pub domains: Vec<String>,
    /// What stands before the port in `listen`.
    pub addresses: Vec<String>,
    /// The folder of certificate and key.
    pub tls: PathBuf,
    /// Where forwarders hand over connections, if there are any.
    pub handover: Option<Handover>,
    /// Where connections are written down, if anywhere.
    pub access_log: Option<String>,
    /// Where mistakes are written.
    pub error_log: String,
    /// How long connecting to a container may take.
    pub connect_timeout: String,
}

impl StreamSite {
    /// The ports of these mappings behind which something runs. One that leads nowhere is not listened on: a
    /// connection that is refused says more than one that is closed.
    pub fn new(app: &AppName, maps: &[PortMap], listeners: &Listeners, shared: Shared) -> Self {
        let runs = |map: &&PortMap| listeners.contains_key(&map.process());
        let servers = maps.iter().filter(runs).map(|map| StreamServer {
            port: map.host_port,
            is_tls: map.scheme == PortScheme::TlsTcp,
            is_udp: map.scheme == PortScheme::Udp,
            upstream: upstream_name(app, &map.process(), map.container_port),
        });
        StreamSite {
            app: app.clone(),
            domains: shared.domains,
            addresses: shared.addresses,
            tls: shared.tls,
            handover: shared.handover,
            access_log: shared.access_log,
            error_log: shared.error_log,
            connect_timeout: shared.connect_timeout,
            servers: servers.collect(),
            upstreams: upstreams(app, maps.iter(), listeners),
        }
    }

    fn handover_on(&self, server: &StreamServer) -> Option<&Handover> {
        self.handover.as_ref().filter(|handover| !server.is_udp && handover.ports.contains(&server.port))
    }

    /// The configuration as text; none when no port is passed on.
    ///
    /// # Errors
    /// Never in practice: text is all there is to write.
    pub fn text(&self) -> Result<Option<String>> {
        if self.servers.is_empty() {
            return Ok(None);
        }
        let text = self.render();
        let text = text.map_err(|error| Failure::internal(format!("cannot render the template: {error}")))?;
        Ok(Some(format!("{}\n", text.trim_end())))
    }
}

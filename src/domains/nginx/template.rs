//! The built-in template (contract: formats.md section 9). Scripts look for some of these lines, blanks included.
//!
//! A page for an error takes any body: with HTTP/2 nginx looks at the size of the refused one again on the way to it.

use askama::Template;

use super::handover::Handover;
use super::site::{Does, Location, NginxSite, Server};
use crate::kernel::{Failure, Result};

/// Types worth compressing.
const COMPRESSED: &str = "text/css text/javascript text/xml text/plain text/x-component application/javascript application/x-javascript application/wasm application/json application/graphql-response+json application/xml application/rss+xml font/truetype application/x-font-ttf font/opentype application/vnd.ms-fontobject image/svg+xml";

/// The statuses that the page for mistakes of the client answers; 404 has its own.
const CLIENT_ERRORS: &str = "400 401 402 403 405 406 407 408 409 410 411 412 413 414 415 416 417 418 420 422 423 424 426 428 429 431 444 449 450 451";

/// The statuses that the page for mistakes of the server answers; 502 has its own on https.
const SERVER_ERRORS: &str = "503 504 505 506 507 508 509 510 511";

#[derive(Template)]
#[template(
    ext = "txt",
    source = r#"{% macro pass(upstream) %}
    gzip on;
    gzip_min_length  1100;
    gzip_buffers  4 32k;
    gzip_types    {{ COMPRESSED }};
    gzip_vary on;
    gzip_comp_level  6;

    proxy_pass  http://{{ upstream }};
    proxy_http_version 1.1;
    proxy_connect_timeout {{ set.connect_timeout }};
    proxy_read_timeout {{ set.read_timeout }};
    proxy_send_timeout {{ set.proxy_send_timeout }};
    proxy_buffer_size {{ set.buffer_size }};
    proxy_buffering {{ set.buffering }};
    proxy_buffers {{ set.buffers }};
    proxy_busy_buffers_size {{ set.busy_buffers_size }};
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $connection_to_app;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For {{ set.forwarded_for }};
    proxy_set_header X-Forwarded-Port {{ set.forwarded_port }};
    proxy_set_header X-Forwarded-Proto {{ set.forwarded_proto }};
    proxy_set_header X-Request-Start $msec;
{%- if !set.forwarded_ssl.is_empty() %}
    proxy_set_header X-Forwarded-Ssl {{ set.forwarded_ssl }};
{%- endif %}
{%- endmacro -%}
# Made by Dokku: changes are lost with the next deploy. Put yours into nginx.conf.d/.
{% for server in site.servers -%}
server {
{%- for address in site.addresses %}
  listen      {{ address }}{{ server.port }}{{ self.listen_words(server) }};
{%- endfor %}
{%- if let Some(handover) = self.handover_on(server) %}
  listen      {{ handover.address }}:{{ server.port }}{{ self.listen_words(server) }} proxy_protocol;
{%- if !handover.has_own_source %}
  set_real_ip_from {{ handover.subnet }};
  real_ip_header proxy_protocol;
{%- endif %}
{%- endif %}
{%- if self.has_http2_line(server) %}
  http2 on;
{%- endif %}
{%- if !site.domains.is_empty() %}
  server_name {{ site.domains.join(" ") }};
{%- endif %}
  access_log  {{ set.access_log }};
  error_log   {{ set.error_log }};
  underscores_in_headers {{ set.underscores }};

  client_body_timeout {{ set.client_body_timeout }};
  client_header_timeout {{ set.client_header_timeout }};
  keepalive_timeout {{ set.keepalive_timeout }};
  lingering_timeout {{ set.lingering_timeout }};
  send_timeout {{ set.send_timeout }};
{%- if self.passes(server) %}

  set $connection_to_app "{{ self.connection_to_app() }}";
  if ($http_upgrade) {
    set $connection_to_app $http_connection;
  }
{%- endif %}
{%- if server.is_tls %}

  ssl_certificate           {{ site.tls.display() }}/server.crt;
  ssl_certificate_key       {{ site.tls.display() }}/server.key;
  ssl_protocols             TLSv1.2 TLSv1.3;
  ssl_prefer_server_ciphers off;
{%- endif %}
{% match server.does %}
{%- when Does::Redirect with (port) %}
  location / {
    return 301 https://$host:{{ port }}$request_uri;
  }
{%- when Does::PassGrpc with (upstream) %}
  location    / {
    grpc_pass  grpc://{{ upstream }};
  }

  client_max_body_size {{ set.client_max_body_size }};
{%- when Does::Pass with (upstream) %}
  location    / {
{%- call pass(upstream) %}{% endcall %}
  }
{%- when Does::Refuse %}
  location    / {
    return 502;
  }
{%- when Does::NotFound %}
  location    / {
    return 404;
  }
{%- endmatch %}
{%- for location in server.locations %}
{%- for place in self.places(location) %}
  location    {{ place }} {
{%- match location.upstream %}
{%- when Some with (upstream) %}
{%- call pass(upstream) %}{% endcall %}
{%- when None %}
    return 502;
{%- endmatch %}
  }
{%- endfor %}
{%- endfor %}
{%- if self.has_error_pages(server) %}

  client_max_body_size {{ set.client_max_body_size }};

  error_page {{ CLIENT_ERRORS }} /400-error.html;
  error_page 404 /404-error.html;
  error_page 500 501 {% if !server.is_tls %}502 {% endif %}{{ SERVER_ERRORS }} /500-error.html;
{%- if server.is_tls %}
  error_page 502 /502-error.html;
{%- endif %}
{%- for page in self.error_pages(server) %}
  location /{{ page }}-error.html {
    root {{ site.error_pages.display() }};
    client_max_body_size 0;
    internal;
  }
{%- endfor %}
{%- endif %}

  include {{ site.snippets.display() }}/*.conf;
}

{% endfor -%}
{% for upstream in site.upstreams -%}
upstream {{ upstream.name }} {
{%- for address in upstream.servers %}
  server {{ address }};
{%- endfor %}
{%- if !set.keepalive.is_empty() %}
  keepalive {{ set.keepalive }};
{%- endif %}
}

{% endfor -%}
"#
)]
struct Page<'a> {
    site: &'a NginxSite,
    set: &'a super::settings::Settings,
}

impl Page<'_> {
    fn listen_words(&self, server: &Server) -> String {
        let tls = if server.is_tls { " ssl" } else { "" };
        let http2 = if self.speaks_http2(server) && !self.site.has_http2_directive { " http2" } else { "" };
        format!("{tls}{http2}")
    }

    fn has_http2_line(&self, server: &Server) -> bool {
        self.speaks_http2(server) && self.site.has_http2_directive
    }

    fn speaks_http2(&self, server: &Server) -> bool {
        server.is_tls || matches!(server.does, Does::PassGrpc(_))
    }

    fn handover_on(&self, server: &Server) -> Option<&Handover> {
        self.site.handover_on(server.port)
    }

    /// A path itself, and all below it; not what merely begins alike.
    fn places(&self, location: &Location) -> [String; 2] {
        [format!("= {}", location.path), format!("{}/", location.path)]
    }

    fn passes(&self, server: &Server) -> bool {
        matches!(server.does, Does::Pass(_))
            || server.locations.iter().any(|location| location.upstream.is_some())
    }

    /// The header is for the next hop, so the client's word for us is none for the app. Without connections that are
    /// kept the app is asked to close: where we did, each would take one of our ports for a minute more, and under
    /// load there would soon be none left.
    fn connection_to_app(&self) -> &'static str {
        if self.set.keepalive.is_empty() { "close" } else { "" }
    }

    fn has_error_pages(&self, server: &Server) -> bool {
        matches!(server.does, Does::Pass(_) | Does::Refuse | Does::NotFound)
    }

    fn error_pages(&self, server: &Server) -> &'static [u16] {
        if server.is_tls { &[400, 404, 500, 502] } else { &[400, 404, 500] }
    }
}

/// The configuration as text.
///
/// # Errors
/// Never in practice: text is all there is to write.
pub fn render(site: &NginxSite) -> Result<String> {
    let page = Page { site, set: &site.settings };
    let text =
        page.render().map_err(|error| Failure::internal(format!("cannot render the template: {error}")))?;
    Ok(format!("{}\n", text.trim_end()))
}

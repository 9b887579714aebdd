//! A template that takes the place of the built-in one: the app's own `nginx.conf.sigil`, or a plugin's
//! (contract: formats.md section 9).

use std::path::Path;

use super::plan::Plan;
use super::settings::{self, LOG_FOLDER};
use crate::kernel::{Ctx, Failure, Result};
use crate::model::port_map::{self, PortMap};
use crate::model::template::{ClosedWorld, Session, Value, Variables};
use crate::model::{AppName, ProcessType, Scope};
use crate::platform::files;
use crate::store::ports::{self, ProxyPort};
use crate::store::{Extracted, variables, vhosts};
use crate::triggers;

/// The longest configuration that a template may make, in bytes.
const LONGEST: usize = 512 * 1024;

/// What a template called so far is called now; plugins look for these lines.
const RENAMED: [(&str, &str); 3] = [
    ("DOKKU_APP_LISTENERS", "DOKKU_APP_WEB_LISTENERS"),
    ("NGINX_SSL_PORT", "PROXY_SSL_PORT"),
    ("NGINX_PORT", "PROXY_PORT"),
];

/// Settings that are handed on as they are.
const SETTINGS: [(&str, &str); 23] = [
    ("CLIENT_BODY_TIMEOUT", "client-body-timeout"),
    ("CLIENT_HEADER_TIMEOUT", "client-header-timeout"),
    ("CLIENT_MAX_BODY_SIZE", "client-max-body-size"),
    ("KEEPALIVE_TIMEOUT", "keepalive-timeout"),
    ("LINGERING_TIMEOUT", "lingering-timeout"),
    ("NGINX_ACCESS_LOG_FORMAT", "access-log-format"),
    ("NGINX_ACCESS_LOG_PATH", "access-log-path"),
    ("NGINX_BIND_ADDRESS_IP4", "bind-address-ipv4"),
    ("NGINX_BIND_ADDRESS_IP6", "bind-address-ipv6"),
    ("NGINX_ERROR_LOG_PATH", "error-log-path"),
    ("NGINX_UNDERSCORE_IN_HEADERS", "underscore-in-headers"),
    ("PROXY_BUFFERING", "proxy-buffering"),
    ("PROXY_BUFFERS", "proxy-buffers"),
    ("PROXY_BUFFER_SIZE", "proxy-buffer-size"),
    ("PROXY_BUSY_BUFFERS_SIZE", "proxy-busy-buffers-size"),
    ("PROXY_CONNECT_TIMEOUT", "proxy-connect-timeout"),
    ("PROXY_KEEPALIVE", "proxy-keepalive"),
    ("PROXY_READ_TIMEOUT", "proxy-read-timeout"),
    ("PROXY_SEND_TIMEOUT", "proxy-send-timeout"),
    ("PROXY_X_FORWARDED_FOR", "x-forwarded-for-value"),
    ("PROXY_X_FORWARDED_PORT", "x-forwarded-port-value"),
    ("PROXY_X_FORWARDED_PROTO", "x-forwarded-proto-value"),
    ("PROXY_X_FORWARDED_SSL", "x-forwarded-ssl"),
];

/// Who brought a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A plugin, asked by `nginx-app-template-source`.
    Plugin,
    /// The app, in its source.
    App,
}

/// A template that is not ours.
pub struct OwnTemplate {
    /// Who brought it.
    pub origin: Origin,
    /// What errors call it.
    name: String,
    text: String,
}

/// The template that the app is to be served by, if it is not ours. The app's own counts once it runs.
///
/// # Errors
/// When it cannot be read.
pub async fn find(ctx: &Ctx, app: &AppName, plan: &Plan) -> Result<Option<OwnTemplate>> {
    if plan.is_running
        && let Some(own) = of_app(ctx, app)?
    {
        return Ok(Some(own));
    }
    let template_type = "app-config".to_owned();
    let path = ctx.fire(triggers::NginxAppTemplateSource { app: app.clone(), template_type }).await?;
    let path = path.trim();
    if path.is_empty() {
        return Ok(None);
    }
    let text = files::read_text(Path::new(path))?.ok_or_else(|| {
        Failure::user(format!("A plugin names a template for {app} that is not there: {path}"))
    })?;
    let name = path.rsplit('/').next().unwrap_or(path).to_owned();
    Ok(Some(OwnTemplate { origin: Origin::Plugin, name, text }))
}

/// The template in the app's source, unless it is turned off.
///
/// # Errors
/// When it cannot be read.
pub fn of_app(ctx: &Ctx, app: &AppName) -> Result<Option<OwnTemplate>> {
    if settings::of(ctx, &Scope::from(app), "disable-custom-config")? == "true" {
        return Ok(None);
    }
    let pid = ctx.env.get("DOKKU_PID").unwrap_or_default();
    let text = Extracted::NginxTemplate.read(ctx.layout(), app, pid)?;
    let name = "nginx.conf.sigil".to_owned();
    Ok(text.map(|text| OwnTemplate { origin: Origin::App, name, text }))
}

impl OwnTemplate {
    /// Says what its author should change.
    pub fn warn(&self, ctx: &Ctx) {
        if self.origin == Origin::App {
            ctx.out.step("Overriding default nginx.conf with detected nginx.conf.sigil");
        }
        for (old, new) in RENAMED {
            if self.text.contains(old) {
                ctx.out.warn(format!(
                    "Deprecated: Usage of {old} within nginx.conf.sigil templates is deprecated in favor of {new}"
                ));
            }
        }
        if self.text.lines().any(listens_by_http2) {
            ctx.out.warn(
                "Deprecated: Usage of 'listen ... http2' within nginx.conf.sigil templates is deprecated since nginx \
                 1.25.1 in favor of the standalone 'http2 on;' directive",
            );
        }
    }

    /// The template itself.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The configuration that it makes of the plan.
    ///
    /// # Errors
    /// When the template is wrong: the message says where.
    pub async fn render(&self, ctx: &Ctx, app: &AppName, plan: &Plan) -> Result<String> {
        let variables = variables_of(ctx, app, plan).await?;
        // The app's variables are for `var` to read; nothing else of the world is for templates from a push.
        let env = if plan.is_running { variables::own(ctx.layout(), &Scope::from(app))? } else { [].into() };
        let rendered = Session::new(&ClosedWorld, env).render(&self.text, variables, &self.name);
        let failed = |why: String| {
            Failure::user(format!("Custom nginx.conf.sigil failed to render via sigil: {why}"))
                .hint(self.way_out(app))
        };
        let text = rendered.map_err(|error| failed(error.to_string()))?;
        if text.len() > LONGEST {
            return Err(failed(format!("it makes a configuration of {} KiB", text.len() / 1024)));
        }
        let text = tidied(&text, ctx.platform.proxy.has_ipv6());
        Ok(plan.site.handover.as_ref().map_or_else(|| text.clone(), |handover| handover.woven_into(&text)))
    }

    /// What to do when it is wrong.
    pub fn way_out(&self, app: &AppName) -> String {
        match self.origin {
            Origin::App => format!("Mend it, or: dokku nginx:set {app} disable-custom-config true"),
            Origin::Plugin => "A plugin brought this template".to_owned(),
        }
    }
}

async fn variables_of(ctx: &Ctx, app: &AppName, plan: &Plan) -> Result<Variables> {
    let (layout, scope) = (ctx.layout(), Scope::from(app));
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (name, key) in SETTINGS {
        pairs.push((name.to_owned(), settings::of(ctx, &scope, key)?));
    }
    let send_timeout = settings::of(ctx, &scope, "send-timeout")?;
    let port = |kind| -> Result<String> {
        Ok(ports::proxy_port(layout, app, kind)?.map_or_else(String::new, |port| port.to_string()))
    };
    let (plain, tls) = (port(ProxyPort::Plain)?, port(ProxyPort::Tls)?);
    let listeners = |types: &ProcessType| triggers::NetworkGetListeners {
        app: app.clone(),
        process_type: Some(types.clone()),
    };
    let web = spaced(&ctx.fire(listeners(&ProcessType::web())).await?);
    // A template of somebody else's knows what Dokku knows.
    let whole = port_map::whole(&plan.maps);
    let maps: Vec<String> = whole.iter().map(PortMap::to_string).collect();
    let mut upstreams: Vec<String> = Vec::new();
    for map in &whole {
        let port = map.container_port.to_string();
        if !upstreams.contains(&port) {
            upstreams.push(port);
        }
    }
    let ssl = if plan.has_certificate { "true" } else { "" };
    let fixed = [
        ("APP", app.to_string()),
        ("APP_SSL_PATH", layout.tls(app).display().to_string()),
        ("DOKKU_APP_LISTENERS", web.clone()),
        ("DOKKU_APP_LISTEN_IP", String::new()),
        ("DOKKU_APP_LISTEN_PORT", String::new()),
        ("DOKKU_APP_WEB_LISTENERS", if plan.is_running { web } else { plan.listeners_placeholder.clone() }),
        ("DOKKU_LIB_ROOT", layout.lib.display().to_string()),
        ("DOKKU_ROOT", layout.root.display().to_string()),
        ("GRPC_SUPPORTED", "true".to_owned()),
        ("HTTP2_DIRECTIVE_SUPPORTED", plan.site.has_http2_directive.to_string()),
        ("HTTP2_PUSH_SUPPORTED", "false".to_owned()),
        ("HTTP2_SUPPORTED", "true".to_owned()),
        ("NGINX_LOG_ROOT", LOG_FOLDER.to_owned()),
        ("NGINX_PORT", plain.clone()),
        ("NGINX_SSL_PORT", tls.clone()),
        ("NOSSL_SERVER_NAME", plan.site.domains.join(" ")),
        ("PASSED_LISTEN_IP_PORT", String::new()),
        ("PROXY_PORT", plain),
        ("PROXY_PORT_MAP", maps.join(" ")),
        ("PROXY_SSL_PORT", tls),
        ("PROXY_UPSTREAM_PORTS", upstreams.join(" ")),
        ("SEND_TIMEOUT", send_timeout),
        ("SPDY_SUPPORTED", "false".to_owned()),
        ("SSL_INUSE", ssl.to_owned()),
        ("SSL_SERVER_NAME", ssl_server_name(ctx, app, plan)?),
        ("TLS13_SUPPORTED", "true".to_owned()),
    ];
    pairs.extend(fixed.map(|(name, value)| (name.to_owned(), value)));
    if plan.is_running {
        let scale = ctx.fire(triggers::PsCurrentScale { app: app.clone() }).await?;
        for (name, _) in scale.lines().filter_map(|line| line.split_once('=')) {
            let process_type: ProcessType = name.parse()?;
            let addresses = spaced(&ctx.fire(listeners(&process_type)).await?);
            let name = name.to_uppercase().replace('-', "_");
            pairs.push((format!("DOKKU_APP_{name}_LISTENERS"), addresses));
        }
    }
    Ok(pairs.into_iter().map(|(name, value)| (name, Value::text(value))).collect())
}

/// Without names of its own an app with a certificate is asked for by the global ones, the last first.
fn ssl_server_name(ctx: &Ctx, app: &AppName, plan: &Plan) -> Result<String> {
    if !plan.has_certificate || vhosts::is_enabled(ctx.layout(), app)? {
        return Ok(String::new());
    }
    let mut names = vhosts::read(ctx.layout(), &Scope::Global)?;
    names.reverse();
    Ok(names.join(" "))
}

fn spaced(list: &str) -> String {
    list.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// True for a line that asks for HTTP/2 in the way nginx gave up.
fn listens_by_http2(line: &str) -> bool {
    let Some((_, words)) = line.split_once("listen") else { return false };
    words.starts_with(char::is_whitespace)
        && words.match_indices("http2").any(|(at, word)| {
            words[..at].ends_with(char::is_whitespace)
                && words[at + word.len()..].starts_with(|c: char| c == ';' || c.is_whitespace())
        })
}

/// One empty line instead of several; and without IPv6 no address of it, which nginx could not listen on.
fn tidied(text: &str, has_ipv6: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut was_empty = false;
    for line in text.split_inclusive('\n') {
        let words = line.trim_start();
        let listens = words.strip_prefix("listen").is_some_and(|rest| rest.trim_start().starts_with('['));
        let is_empty = line == "\n";
        if (is_empty && was_empty) || (listens && !has_ipv6) {
            continue;
        }
        was_empty = is_empty;
        out.push_str(line);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_old_way_to_http2_is_seen() {
        for line in ["  listen [::]:443 ssl http2;", "listen {{ $p }} http2 ssl;", "listen 80\thttp2;"] {
            assert!(listens_by_http2(line), "{line}");
        }
        for line in ["http2 on;", "  listen 443 ssl;", "# listening http2 ", "listen 80; # nohttp2;"] {
            assert!(!listens_by_http2(line), "{line}");
        }
    }

    #[test]
    fn empty_lines_are_squeezed_and_ipv6_is_left_out_where_there_is_none() {
        let text = "\n\n\nserver {\n  listen [::]:80;\n  listen  80;\n\n\n}\n";
        assert_eq!(tidied(text, true), "\nserver {\n  listen [::]:80;\n  listen  80;\n\n}\n");
        assert_eq!(tidied(text, false), "\nserver {\n  listen  80;\n\n}\n");
    }
}

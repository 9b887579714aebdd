//! Routing to what an app runs now: plan, write, test, put to work.

use super::own_template::{self, Origin, OwnTemplate};
use super::plan::{self, Plan};
use super::written::Written;
use super::{certificate_names, clear, hsts, template};
use crate::kernel::{Ctx, Failure, Result};
use crate::model::{AppName, PortScheme, Scope};
use crate::platform::files;
use crate::store::properties;
use crate::triggers;

/// The proxy type that this domain is.
pub const TYPE: &str = "nginx";

/// True when the app is routed to by nginx.
///
/// # Errors
/// When that cannot be told.
pub async fn is_ours(ctx: &Ctx, app: &AppName) -> Result<bool> {
    Ok(ctx.fire(triggers::ProxyType { app: app.clone() }).await? == TYPE)
}

/// Routes to what the app runs now.
///
/// # Errors
/// When nginx refuses the configuration: the one before it stays in place and serves.
pub async fn build(ctx: &Ctx, app: &AppName) -> Result {
    if !is_ours(ctx, app).await? {
        return Ok(());
    }
    if !ctx.fire(triggers::ProxyIsEnabled { app: app.clone() }).await? {
        return clear::because_disabled(ctx, app).await;
    }
    ctx.fire(triggers::PortsConfigure { app: app.clone() }).await?;
    let plan = plan::make(ctx, app).await?;
    say(ctx, app, &plan);
    if plan.has_certificate {
        certificate_names::warn_of_none(ctx, app, &plan.site.domains)?;
    }
    write_and_apply(ctx, app, &plan).await
}

/// As [`build_unseen`], for a clone or a new name that is not deployed at once.
///
/// # Errors
/// When the configuration cannot be written.
pub async fn build_unbuilt(ctx: &Ctx, app: &AppName) -> Result {
    match ctx.env.get("SKIP_REBUILD") {
        Some("true") => build_unseen(ctx, app).await,
        Some(_) | None => Ok(()),
    }
}

/// What happens for an app that nothing depends on yet: its names answer 502, soon. Nothing where nginx was stopped.
///
/// # Errors
/// When the configuration cannot be written.
pub async fn build_unseen(ctx: &Ctx, app: &AppName) -> Result {
    let status = properties::get(ctx.layout(), TYPE, &Scope::Global, "proxy-status")?;
    if status.as_deref() == Some("stopped")
        || !is_ours(ctx, app).await?
        || !ctx.fire(triggers::ProxyIsEnabled { app: app.clone() }).await?
    {
        return Ok(());
    }
    let quiet = ctx.silenced();
    quiet.fire(triggers::PortsConfigure { app: app.clone() }).await?;
    let plan = plan::make(ctx, app).await?;
    let own = own_template::find(ctx, app, &plan).await?;
    wanted(ctx, app, &plan, own.as_ref()).await?.write(ctx, app)?;
    // Should nobody be there to be told, the next start of the server finds the file.
    if let Err(fault) = ctx.platform.proxy.note(&ctx.layout().control_socket(), app).await {
        ctx.out.debug(fault.to_string());
    }
    Ok(())
}

fn say(ctx: &Ctx, app: &AppName, plan: &Plan) {
    for map in &plan.left_out {
        ctx.out.warn(format!(
            "Ignoring detected {} port mapping without an accompanying ssl certificate ({map})",
            if map.scheme == PortScheme::TlsTcp { map.scheme.as_str() } else { "https" },
        ));
    }
    for (map, owner) in &plan.taken {
        ctx.out.warn(format!("Port {} belongs to {owner}, so {map} is not served", map.host_port));
    }
    if !plan.is_running {
        ctx.out.unless_quiet().plain_error(format!(" !     No web listeners specified for {app}"));
    }
    if let Some(map) = &plan.fallback {
        ctx.out.step(format!(
            "No published port leads to {app}: it also answers on port {} (container port {})",
            map.host_port, map.container_port
        ));
    } else if !plan.unpublished.is_empty() && plan.is_running {
        let ports: Vec<String> = plan.unpublished.iter().map(u16::to_string).collect();
        ctx.out.step(format!(
            "Not published by the appliance's container, so not reachable from outside: port {}",
            ports.join(", ")
        ));
    }
}

/// The configuration: by a template of the app or of a plugin, else by ours. Ports that are passed on are always ours.
async fn wanted(ctx: &Ctx, app: &AppName, plan: &Plan, own: Option<&OwnTemplate>) -> Result<Written> {
    let http = match own {
        Some(own) => own.render(ctx, app, plan).await?,
        None => template::render(&plan.site)?,
    };
    Ok(Written { http: Some(http.into_bytes()), stream: plan.streams.text()?.map(String::into_bytes) })
}

async fn write_and_apply(ctx: &Ctx, app: &AppName, plan: &Plan) -> Result {
    let mut domains = plan.site.domains.clone();
    domains.sort_unstable();
    domains.dedup();
    let own = own_template::find(ctx, app, plan).await?;
    if let Some(own) = &own {
        own.warn(ctx);
    }
    let source = match own.as_ref().map(|own| own.origin) {
        Some(Origin::App) => "app-supplied",
        Some(Origin::Plugin) => "plugin-supplied",
        None => "built-in",
    };
    for domain in domains {
        ctx.out.step(format!("Configuring {domain}...(using {source} template)"));
    }
    let wanted = wanted(ctx, app, plan, own.as_ref()).await?;
    ctx.out.step(format!("Creating {} nginx.conf", if plan.has_certificate { "https" } else { "http" }));
    let before = Written::read(ctx, app)?;
    files::create_folders(&ctx.layout().nginx_snippets(app), 0o755)?;
    wanted.write(ctx, app)?;
    hsts::manage(ctx, app, plan.has_certificate)?;
    let (port, ip) = (String::new(), String::new());
    ctx.fire(triggers::NginxPreReload { app: app.clone(), port, ip }).await?;
    ctx.out.detail("Reloading nginx");
    apply(ctx, app, &before).await
}

/// Has the configuration put to work; when that fails, the files say again what is served.
async fn apply(ctx: &Ctx, app: &AppName, before: &Written) -> Result {
    let Err(fault) = ctx.platform.proxy.apply(&ctx.layout().control_socket(), app).await else {
        return Ok(());
    };
    before.write(ctx, app)?;
    Err(Failure::from(fault))
}

//! The domains an app gets from the global ones.

use std::sync::Arc;

use super::{owners, switch};
use crate::kernel::{Buffers, Ctx, Result};
use crate::model::{AppName, DomainName, Scope, is_address};
use crate::store::vhosts;
use crate::triggers;

/// The global domains; none when not one of them is a valid name.
///
/// # Errors
/// When they cannot be read.
pub fn global(ctx: &Ctx) -> Result<Vec<String>> {
    let all = vhosts::read(ctx.layout(), &Scope::Global)?;
    let has_name = all.iter().any(|domain| domain.parse::<DomainName>().is_ok());
    Ok(if has_name { all } else { Vec::new() })
}

/// The default domains of an app: its name below each global domain. An app whose name has a dot is taken
/// for a full name already. No app gets a name below an address.
///
/// # Errors
/// When a plugin that is asked fails.
pub async fn of_app(ctx: &Ctx, app: &AppName) -> Result<Vec<String>> {
    let mut domains = Vec::new();
    for vhost in global(ctx)?.into_iter().filter(|vhost| !is_address(vhost)) {
        let name = app.as_str();
        let subdomain = name.strip_suffix(&format!(".{vhost}")).unwrap_or(name).to_owned();
        let question = triggers::NginxHostname { app: app.clone(), subdomain, vhost: vhost.clone() };
        let answer = ctx.fire(question).await?;
        let domain = match answer.trim() {
            "" if name.contains('.') => name.to_owned(),
            "" => format!("{name}.{vhost}"),
            answer => answer.to_owned(),
        };
        if !domains.contains(&domain) {
            domains.push(domain);
        }
    }
    Ok(domains)
}

/// These default domains of an app without those that another app answers to; of these the user is told.
///
/// # Errors
/// When what apps answer to cannot be read.
pub async fn free(ctx: &Ctx, app: &AppName, mut domains: Vec<String>) -> Result<Vec<String>> {
    for taken in owners::taken(ctx, app, &domains).await? {
        owners::say_left_out(ctx, app, &taken);
        domains.retain(|domain| *domain != taken.domain);
    }
    Ok(domains)
}

/// Writes the default domains unless the app has a list already; without a global domain, domains are turned off for
/// it.
///
/// # Errors
/// When they cannot be written.
pub async fn set_up(ctx: &Ctx, app: &AppName) -> Result {
    let scope = Scope::from(app);
    if vhosts::exists(ctx.layout(), &scope) {
        return Ok(());
    }
    let domains = of_app(ctx, app).await?;
    if domains.is_empty() {
        ctx.out.unless_quiet().step("Global server virtual host not set, disabling app vhost...");
        // What the proxy says about an app that has no code yet interests nobody.
        return switch::off(&ctx.printing_to(Arc::new(Buffers::default())), app).await;
    }
    let domains = free(ctx, app, domains).await?;
    ctx.out.unless_quiet().step("Creating new app virtual host file...");
    Ok(vhosts::write(ctx.layout(), &scope, &domains)?)
}

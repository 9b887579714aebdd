//! The story of a certificate: account, order, proofs, certificate, installation. What served before serves on until
//! the last step, and after it if that fails.

use super::{by_dns, by_http, settings};
use crate::domains::certs::install;
use crate::kernel::{Ctx, Failure, Result};
use crate::model::AppName;
use crate::model::certificate::{Chain, time_text};
use crate::platform::acme::{Account, Obtained, Order, Proof};
use crate::platform::lock::Lock;
use crate::platform::trust::Trust;
use crate::store::acme::{self, Acme};
use crate::store::certificates::Pair;

/// Has a certificate issued and installs it. Returns the settings with what is to be remembered of it.
///
/// # Errors
/// What failed; the certificate that was there is there.
pub async fn obtain(ctx: &Ctx, app: &AppName, settings: Acme) -> Result<Acme> {
    let Some(_lock) = Lock::try_take(&acme::lock_path(ctx.layout(), app))? else {
        return Err(Failure::user(format!("A certificate for {app} is being asked for already")));
    };
    let names = settings::names(ctx, app, &settings).await?;
    ctx.out.step(format!("Asking {} for a certificate", settings.server));
    for name in &names {
        ctx.out.detail(name);
    }
    let obtained = ask(ctx, app, &settings, &names).await?;
    let pair = Pair { certificate: obtained.certificate.into_bytes(), key: obtained.key.into_bytes() };
    let chain = Chain::parse(&pair.certificate)?;
    install::checked(ctx, app, &pair).await?;
    ctx.out.step(format!("{app} has a certificate until {}", time_text(chain.first().expires_at)));
    ctx.out.detail(format!("It is renewed from {} on", time_text(acme::renews_at(chain.first()))));
    let tried_at = ctx.platform.clock.now().as_second();
    Ok(Acme { names, tried_at, failures: 0, error: String::new(), ..settings })
}

/// Asks anew by the settings that are kept, and keeps how it went.
///
/// # Errors
/// What failed; when it is tried again is kept too.
pub async fn refresh(ctx: &Ctx, app: &AppName, settings: Acme) -> Result {
    let now = ctx.platform.clock.now().as_second();
    // Counted beforehand: should this process be killed, the next one waits.
    let failed = Acme {
        tried_at: now,
        failures: settings.failures.saturating_add(1),
        error: "interrupted".to_owned(),
        ..settings.clone()
    };
    acme::write(ctx.layout(), app, &failed)?;
    match obtain(ctx, app, settings).await {
        Ok(kept) => Ok(acme::write(ctx.layout(), app, &kept)?),
        Err(failure) => {
            acme::write(ctx.layout(), app, &Acme { error: failure.to_string(), ..failed })?;
            Err(failure)
        }
    }
}

async fn ask(ctx: &Ctx, app: &AppName, settings: &Acme, names: &[String]) -> Result<Obtained> {
    let trust = Trust::of_system().and_of(&acme::authorities(ctx.layout()));
    let path = acme::account_path(ctx.layout(), &settings.server);
    // Once more where the server has forgotten our account.
    for _ in 0..2 {
        let account = Account::open(&path, &settings.server, &settings.email, &trust).await?;
        let kept = acme::read(ctx.layout(), app)?;
        if !settings.email.is_empty() && kept.is_none_or(|kept| kept.email != settings.email) {
            account.write_to(&settings.email).await?;
        }
        let Some(order) = account.order(names).await? else { continue };
        return if settings.dns_provider.is_empty() {
            by_http(ctx, app, &account, order).await
        } else {
            by_dns(ctx, &settings.dns_provider, order).await
        };
    }
    Err(Failure::user(format!("{} does not keep our account", settings.server)))
}

async fn by_http(ctx: &Ctx, app: &AppName, account: &Account, mut order: Order) -> Result<Obtained> {
    by_http::offer(ctx, app, account.thumbprint()).await?;
    order.prove(Proof::Http).await.map_err(|fault| {
        Failure::from(fault).hint(
            "The authority must reach each name on port 80 of this server: do its DNS records point here?",
        )
    })?;
    Ok(order.finish().await?)
}

async fn by_dns(ctx: &Ctx, provider: &str, mut order: Order) -> Result<Obtained> {
    let records = order.records().await?;
    let mut shown = Vec::new();
    let mut proven = Ok(());
    for record in &records {
        shown.push(record);
        proven = by_dns::present(ctx, provider, record).await;
        if proven.is_err() {
            break;
        }
    }
    if proven.is_ok() {
        proven = order.prove(Proof::Dns).await.map_err(Failure::from);
    }
    for record in shown {
        by_dns::cleanup(ctx, provider, record).await;
    }
    proven?;
    Ok(order.finish().await?)
}

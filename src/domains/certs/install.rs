//! A certificate takes its place: it is stored, routes follow, and if they cannot, all is as it was before.

use crate::kernel::{Ctx, Failure, Result};
use crate::model::certificate::Chain;
use crate::model::{AppName, PortMap};
use crate::platform::trust::Trust;
use crate::store::certificates::{self, Pair};
use crate::store::{acme, ports};
use crate::triggers::{PostCertsRemove, PostCertsUpdate, PostDomainsUpdate};

/// Installs what somebody handed in, unless clients would refuse it.
///
/// # Errors
/// Why it cannot serve; nothing is changed then.
pub async fn checked(ctx: &Ctx, app: &AppName, pair: &Pair) -> Result {
    let chain = Chain::parse(&pair.certificate)?;
    let trust = || Trust::of_system().and_of(&acme::authorities(ctx.layout()));
    let is_known = |certificate: &_| trust().knows_issuer_of(certificate);
    for finding in chain.check(&pair.key, ctx.platform.clock.now(), is_known)? {
        ctx.out.warn(finding);
    }
    replace(ctx, app, || certificates::set(ctx.layout(), app, pair, None), tell(ctx, app)).await
}

/// Has the app's addresses follow its certificate.
///
/// # Errors
/// When routes cannot.
pub async fn tell(ctx: &Ctx, app: &AppName) -> Result {
    ctx.fire(PostDomainsUpdate { app: app.clone(), action: String::new(), domains: Vec::new() }).await
}

/// Stores by `store` and has routes follow by `follow`.
///
/// # Errors
/// When one of them fails. The certificate and the ports of before are then back, and routes lead by them.
pub async fn replace(
    ctx: &Ctx,
    app: &AppName,
    store: impl FnOnce() -> crate::model::Outcome,
    follow: impl Future<Output = Result>,
) -> Result {
    let before =
        Before { pair: certificates::read(ctx.layout(), app)?, maps: ports::user(ctx.layout(), app)? };
    store()?;
    let followed = async {
        ctx.fire(PostCertsUpdate { app: app.clone() }).await?;
        follow.await
    };
    let Err(failure) = followed.await else { return Ok(()) };
    ctx.out.warn("The new certificate cannot be put to work, what was before is put back");
    // Of two failures the first tells more.
    if let Err(second) = before.put_back(ctx, app).await {
        second.print(&ctx.out);
    }
    Err(failure)
}

struct Before {
    pair: Option<Pair>,
    maps: Vec<PortMap>,
}

impl Before {
    async fn put_back(self, ctx: &Ctx, app: &AppName) -> Result {
        let quiet = ctx.silenced();
        match self.pair {
            Some(pair) => {
                certificates::set(ctx.layout(), app, &pair, None)?;
                quiet.fire(PostCertsUpdate { app: app.clone() }).await?;
            }
            None => {
                certificates::remove(ctx.layout(), app)?;
                quiet.fire(PostCertsRemove { app: app.clone() }).await?;
            }
        }
        {
            let _lock = ports::locked(ctx.layout(), app)?;
            ports::set_user(ctx.layout(), app, &self.maps)?;
        }
        tell(&quiet, app).await.map_err(|failure: Failure| failure.hint("run: dokku proxy:build-config"))
    }
}

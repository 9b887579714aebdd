//! The rows of certs:report.

use std::sync::OnceLock;

use jiff::Timestamp;

use crate::kernel::{BoxFuture, Ctx, Report, Result};
use crate::model::certificate::{Chain, time_text};
use crate::model::{AppName, Scope};
use crate::platform::trust::Trust;
use crate::store::acme::{self, Acme};
use crate::store::certificates;

/// The report.
pub const REPORT: Report = Report {
    kind: "ssl",
    prefix: "ssl",
    has_legacy_json: false,
    has_small_labels: false,
    keys: &[],
    extra: Some(rows),
};

/// Names of flags with their values.
type Rows = Vec<(String, String)>;

/// All at once: each row is read from the same certificate, and the roots that verify it are many.
fn rows(ctx: Ctx, scopes: Vec<Scope>) -> BoxFuture<Result<Vec<Rows>>> {
    Box::pin(async move {
        let trust = OnceLock::new();
        scopes.iter().map(|scope| scope.app().map_or(Ok(Vec::new()), |app| of(&ctx, app, &trust))).collect()
    })
}

fn of(ctx: &Ctx, app: &AppName, trust: &OnceLock<Trust>) -> Result<Rows> {
    let is_enabled = certificates::exists(ctx.layout(), app);
    // One that cannot be read has no facts; nginx says why when it is asked.
    let chain = certificates::read(ctx.layout(), app)?.and_then(|pair| Chain::parse(&pair.certificate).ok());
    let mut rows = vec![
        ("ssl-dir", ctx.layout().tls(app).display().to_string()),
        ("ssl-enabled", is_enabled.to_string()),
    ];
    let of_chain = |fact: fn(&Chain) -> String| chain.as_ref().map(fact).unwrap_or_default();
    rows.extend([
        ("ssl-expires-at", of_chain(|chain| time_text(chain.first().expires_at))),
        ("ssl-hostnames", of_chain(|chain| chain.first().hostnames.join(" "))),
        ("ssl-issuer", of_chain(|chain| chain.first().issuer.clone())),
        ("ssl-starts-at", of_chain(|chain| time_text(chain.first().starts_at))),
        ("ssl-subject", of_chain(|chain| chain.first().subject.clone())),
    ]);
    rows.extend(acme_rows(ctx, app, chain.as_ref())?);
    let verified = chain.map(|chain| {
        let is_verified = !chain.first().is_self_signed()
            && trust
                .get_or_init(|| Trust::of_system().and_of(&acme::authorities(ctx.layout())))
                .verifies(&chain, ctx.platform.clock.now());
        if is_verified { "verified by a certificate authority" } else { "self signed" }
    });
    rows.push(("ssl-verified", verified.unwrap_or_default().to_owned()));
    Ok(rows.into_iter().map(|(flag, value)| (flag.to_owned(), value)).collect())
}

/// Of the authority that issues the certificate.
fn acme_rows(ctx: &Ctx, app: &AppName, chain: Option<&Chain>) -> Result<Vec<(&'static str, String)>> {
    let kept = acme::read(ctx.layout(), app)?;
    let is_enabled = kept.is_some();
    let Acme { server, email, dns_provider, error, .. } = kept.clone().unwrap_or_default();
    let next = kept.and_then(|kept| match kept.failures {
        0 => chain.map(|chain| acme::renews_at(chain.first())),
        _ => Timestamp::from_second(kept.may_try_at()).ok(),
    });
    Ok(vec![
        ("ssl-acme-dns-provider", dns_provider),
        ("ssl-acme-email", email),
        ("ssl-acme-enabled", is_enabled.to_string()),
        ("ssl-acme-last-error", error),
        ("ssl-acme-renews-at", next.map(time_text).unwrap_or_default()),
        ("ssl-acme-server", server),
    ])
}

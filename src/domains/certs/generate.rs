use std::time::Duration;

use super::install;
use crate::kernel::{Command, Ctx, Failure, Gate, Result, Stream};
use crate::model::{AppName, DomainName};
use crate::platform::self_signed::{self, Made, Subject};
use crate::store::certificates::{self, Pair};
use crate::triggers;

/// How long the certificate is valid.
const LIFETIME: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Make a self-signed certificate for an app
///
/// Asks for whom it is, as openssl does; an answer that is left empty is left out. Makes an RSA key, a certificate for
/// 365 days and a signing request, with which an authority makes one that browsers take. The domain is added to the app.
#[derive(clap::Args)]
pub struct Generate {
    /// Name of the app
    app: AppName,
    /// The domain it is for
    domain: Option<DomainName>,
}

impl Command for Generate {
    const NAME: &'static str = "certs:generate";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let app = &self.app;
        ctx.require_app(app)?;
        if certificates::has_either(ctx.layout(), app) {
            ctx.out.step(format!("{app} has an SSL endpoint already defined"));
            return Ok(());
        }
        let domain = self.domain.map(|domain| domain.to_string()).unwrap_or_default();
        let subject = ask(ctx, &domain)?;
        let made = self_signed::make(&subject, ctx.platform.clock.now(), LIFETIME)?;
        let Made { certificate, key, request } = made;
        ctx.out.step("Installing certificate and key...");
        let pair = Pair { certificate: certificate.into_bytes(), key: key.into_bytes() };
        let store = || certificates::set(ctx.layout(), app, &pair, Some(request.as_bytes()));
        install::replace(ctx, app, store, add(ctx, app, &domain)).await?;
        ctx.out.step("The following is a certificate signing request that can be used");
        ctx.out.step(format!("to generate an 'officially' signed SSL certificate for {app} at {domain}"));
        ctx.out.step("by a CA of your choosing.");
        ctx.out.plain(request.trim_end());
        Ok(())
    }
}

/// Adds the domain, after which routes follow, as they do without one.
async fn add(ctx: &Ctx, app: &AppName, domain: &str) -> Result {
    if domain.is_empty() {
        return install::tell(ctx, app).await;
    }
    ctx.fire(triggers::DomainsAdd { app: app.clone(), domain: domain.to_owned() }).await
}

/// The questions of `openssl req`, on standard error as there. Nobody answers at the end of input.
fn ask(ctx: &Ctx, domain: &str) -> Result<Subject> {
    let answer = |question: &str, default: &str| -> Result<String> {
        // A prompt that nobody sees is answered by nobody either.
        let _ = ctx.out.raw(Stream::Stderr, format!("{question} [{default}]:").as_bytes());
        let line = ctx.platform.stdin.read_line()?.unwrap_or_default();
        Ok(match line.trim() {
            "" => default.to_owned(),
            "." => String::new(),
            text => text.to_owned(),
        })
    };
    ctx.out.plain_error("For whom is the certificate? An answer may be left empty, or be '.' for none.");
    let mut subject = Subject {
        country: answer("Country Name (2 letter code)", "")?,
        state: answer("State or Province Name (full name)", "")?,
        locality: answer("Locality Name (eg, city)", "")?,
        organization: answer("Organization Name (eg, company)", "")?,
        unit: answer("Organizational Unit Name (eg, section)", "")?,
        common_name: answer("Common Name (e.g. server FQDN or YOUR name)", domain)?,
        email: answer("Email Address", "")?,
        hostnames: Vec::new(),
    };
    ctx.out.plain_error("");
    let names = [subject.common_name.as_str(), domain];
    subject.hostnames = names
        .iter()
        .filter(|name| name.parse::<DomainName>().is_ok())
        .map(|name| (*name).to_owned())
        .collect();
    subject.hostnames.dedup();
    if subject.hostnames.is_empty() {
        return Err(Failure::user("A certificate is for a domain, and none was named")
            .hint("dokku certs:generate APP DOMAIN"));
    }
    Ok(subject)
}

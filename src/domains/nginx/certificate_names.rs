//! Whether the certificate of an app is for any of its domains.

use crate::kernel::{Ctx, Result};
use crate::model::AppName;
use crate::model::certificate::Chain;
use crate::store::certificates;

/// Tells when no domain of the app is in its certificate: every browser will warn of it.
///
/// # Errors
/// When the certificate cannot be read.
pub fn warn_of_none(ctx: &Ctx, app: &AppName, domains: &[String]) -> Result {
    let Some(pair) = certificates::read(ctx.layout(), app)? else { return Ok(()) };
    // One that cannot be parsed was put there by other hands; nginx has the word on it.
    let Ok(chain) = Chain::parse(&pair.certificate) else { return Ok(()) };
    let names = &chain.first().hostnames;
    if domains.iter().any(|domain| names.iter().any(|name| covers(name, domain))) {
        return Ok(());
    }
    ctx.out.step(format!(
        "No matching configured domains for {app} found in SSL certificate. Your app will show as insecure in a \
         browser if accessed via SSL"
    ));
    ctx.out.step("Please add appropriate domains via the dokku domains command");
    for (heading, list) in
        [("Configured domains for app:", domains), ("Domains found in SSL certificate:", names.as_slice())]
    {
        if !list.is_empty() {
            ctx.out.step(heading);
            list.iter().for_each(|name| ctx.out.heading(name));
        }
    }
    Ok(())
}

/// True when a certificate for this name is one for the domain: an asterisk stands for one part.
fn covers(name: &str, domain: &str) -> bool {
    let (name, domain) = (name.to_ascii_lowercase(), domain.to_ascii_lowercase());
    match name.strip_prefix("*.") {
        Some(parent) => {
            domain.split_once('.').is_some_and(|(first, rest)| !first.is_empty() && rest == parent)
        }
        None => name == domain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_asterisk_stands_for_one_part() {
        for (name, domain) in [("a.b", "A.b"), ("*.b", "a.b"), ("*.b.c", "*.b.c")] {
            assert!(covers(name, domain), "{name} {domain}");
        }
        for (name, domain) in [("a.b", "b"), ("*.c", "a.b.c"), ("*.b", "b"), ("*.b", ".b")] {
            assert!(!covers(name, domain), "{name} {domain}");
        }
    }
}

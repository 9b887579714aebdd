//! Certificates that an authority is asked for: which apps have theirs from where, and how it went.
//! `data/certs/APP/acme.json` is there while that is wanted.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Layout, apps, certificates, vhosts};
use crate::model::certificate::Chain;
use crate::model::{AppName, Certificate, Context, DomainName, Fault, Outcome, Scope, is_address};
use crate::platform::files;

/// How long after a failure until the next try; doubled with each further one, up to [`LONGEST_PAUSE`].
/// Let's Encrypt allows five failures an hour for a name.
const PAUSE: Duration = Duration::from_secs(60 * 60);

/// The longest time between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(24 * 60 * 60);

/// From whom an app has its certificate, and how it went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Acme {
    /// The server's directory.
    pub server: String,
    /// Whom the authority writes to; may be empty.
    pub email: String,
    /// The script that changes DNS; empty where the authority asks by HTTP.
    pub dns_provider: String,
    /// The names that the last certificate was asked for.
    pub names: Vec<String>,
    /// When it was last tried, in seconds of the epoch; 0 for never.
    pub tried_at: i64,
    /// How often in a row it failed.
    pub failures: u32,
    /// Why it failed the last time.
    pub error: String,
}

impl Acme {
    /// When the next try may be, in seconds of the epoch.
    pub fn may_try_at(&self) -> i64 {
        let Some(doublings) = self.failures.checked_sub(1) else { return 0 };
        let pause = PAUSE.saturating_mul(1 << doublings.min(10)).min(LONGEST_PAUSE);
        self.tried_at.saturating_add(i64::try_from(pause.as_secs()).unwrap_or(i64::MAX))
    }
}

/// What is kept for the app; `None` while no certificate is asked for.
///
/// # Errors
/// When it cannot be read.
pub fn read(layout: &Layout, app: &AppName) -> Outcome<Option<Acme>> {
    let path = path(layout, app);
    let Some(bytes) = files::read(&path)? else { return Ok(None) };
    let what = || format!("cannot read {}", path.display());
    let kept = serde_json::from_slice(&bytes).context(what);
    kept.map(Some).map_err(|fault: Fault| fault.hint(format!("Run: dokku certs:acme-enable {app}")))
}

/// Keeps it.
///
/// # Errors
/// When it cannot be written.
pub fn write(layout: &Layout, app: &AppName, acme: &Acme) -> Outcome {
    let path = path(layout, app);
    let text = serde_json::to_string_pretty(acme).context(|| format!("cannot write {}", path.display()))?;
    files::write(&path, text.as_bytes(), 0o640)
}

/// No certificate is asked for from now on. Tells whether one was.
///
/// # Errors
/// When it cannot be removed.
pub fn remove(layout: &Layout, app: &AppName) -> Outcome<bool> {
    let was_wanted = files::remove(&path(layout, app))?;
    files::remove_folder(&layout.app_data("certs", app))?;
    Ok(was_wanted)
}

/// Goes with the app to its new name.
///
/// # Errors
/// When it cannot be moved.
pub fn rename(layout: &Layout, old: &AppName, new: &AppName) -> Outcome {
    let from = layout.app_data("certs", old);
    if files::is_folder(&from) { files::rename(&from, &layout.app_data("certs", new)) } else { Ok(()) }
}

fn path(layout: &Layout, app: &AppName) -> PathBuf {
    layout.app_data("certs", app).join("acme.json")
}

/// Held by who asks for a certificate: nobody asks twice at the same time.
pub fn lock_path(layout: &Layout, app: &AppName) -> PathBuf {
    layout.app_data("certs", app).join("acme.flock")
}

/// Where our account with a server is kept, its key in it.
pub fn account_path(layout: &Layout, server: &str) -> PathBuf {
    let name = server.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    layout.data("certs").join("--accounts").join(format!("{name}.json"))
}

/// Where authorities stand that the system does not know: an own one, or that of a test.
pub fn authorities(layout: &Layout) -> PathBuf {
    layout.data("certs").join("--authorities")
}

/// Where the scripts stand that change DNS.
pub fn dns_providers(layout: &Layout) -> PathBuf {
    layout.data("certs").join("--dns-providers")
}

/// The names that an app's certificate is to be for: its domains, but for addresses and what is no host.
///
/// # Errors
/// When its domains cannot be read.
pub fn wanted_names(layout: &Layout, app: &AppName) -> Outcome<Vec<String>> {
    if !vhosts::is_enabled(layout, app)? {
        return Ok(Vec::new());
    }
    let mut names = vhosts::read(layout, &Scope::from(app))?;
    names.retain(|name| name.parse::<DomainName>().is_ok() && name.contains('.') && !is_address(name));
    names.iter_mut().for_each(|name| *name = name.to_ascii_lowercase());
    names.sort();
    names.dedup();
    Ok(names)
}

/// When a certificate is to be replaced: two thirds of its time are over then.
pub fn renews_at(certificate: &Certificate) -> Timestamp {
    let (starts, expires) = (certificate.starts_at.as_second(), certificate.expires_at.as_second());
    Timestamp::from_second(starts + (expires - starts) / 3 * 2).unwrap_or(certificate.expires_at)
}

/// True when a certificate is to be asked for now: there is none, its time is running out, or the app has other domains;
/// and a failure is not too fresh.
///
/// # Errors
/// When something cannot be read.
pub fn is_due(layout: &Layout, app: &AppName, now: Timestamp) -> Outcome<bool> {
    let Some(acme) = read(layout, app)? else { return Ok(false) };
    let names = wanted_names(layout, app)?;
    if names.is_empty() || now.as_second() < acme.may_try_at() {
        return Ok(false);
    }
    let pair = certificates::read(layout, app)?;
    let chain = pair.and_then(|pair| Chain::parse(&pair.certificate).ok());
    Ok(names != acme.names || chain.is_none_or(|chain| renews_at(chain.first()) <= now))
}

/// True when that is so of any app. An app of which it cannot be told is passed over.
pub fn is_any_due(layout: &Layout, now: Timestamp) -> bool {
    apps::all(layout).unwrap_or_default().iter().any(|app| is_due(layout, app, now).unwrap_or(false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::certificates::Pair;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn pauses_grow_with_failures() {
        let hours = |failures| {
            let acme = Acme { tried_at: 7200, failures, ..Acme::default() };
            (acme.may_try_at() - 7200) / 3600
        };
        assert_eq!(Acme::default().may_try_at(), 0);
        assert_eq!([hours(1), hours(2), hours(5), hours(6), hours(99)], [1, 2, 16, 24, 24]);
    }

    #[test]
    fn a_certificate_is_due_when_there_is_none_when_it_ages_and_when_domains_change() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::below(folder.path());
        let app: AppName = "shop".parse().unwrap();
        files::create_folders(&layout.app(&app), 0o755).unwrap();
        let domains =
            |text: &str| files::write(&layout.vhost(&Scope::from(&app)), text.as_bytes(), 0o644).unwrap();
        let due = |time: &str| is_due(&layout, &app, at(time)).unwrap();
        domains("Shop.example.com\n10.0.0.1\n");
        assert!(!due("2026-01-01T00:00:00Z"), "nobody asked for one");
        let names = vec!["shop.example.com".to_owned()];
        write(&layout, &app, &Acme { names, ..Acme::default() }).unwrap();
        assert!(due("2026-01-01T00:00:00Z"), "there is none");

        let mut params = rcgen::CertificateParams::new(vec!["shop.example.com".into()]).unwrap();
        params.not_before = rcgen::date_time_ymd(2026, 1, 1);
        params.not_after = rcgen::date_time_ymd(2026, 4, 1);
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap().pem().into_bytes();
        let pair = Pair { certificate, key: key.serialize_pem().into_bytes() };
        certificates::set(&layout, &app, &pair, None).unwrap();
        assert!(!due("2026-03-01T23:00:00Z") && due("2026-03-02T00:00:00Z"), "60 of 90 days");
        domains("shop.example.com\nwww.example.com\n");
        assert!(due("2026-01-02T00:00:00Z"));
        let mut acme = read(&layout, &app).unwrap().expect("it was written");
        (acme.failures, acme.tried_at) = (1, at("2026-01-02T00:00:00Z").as_second());
        write(&layout, &app, &acme).unwrap();
        assert!(!due("2026-01-02T00:59:59Z") && due("2026-01-02T01:00:00Z"));
        assert!(is_any_due(&layout, at("2026-01-02T01:00:00Z")));
        assert!(remove(&layout, &app).unwrap() && !due("2026-01-02T01:00:00Z"));
    }
}

//! Asking nginx whether it would take configurations; nothing of them is put to work.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

use super::places::ProxyPlaces;
use crate::model::{AppName, Context, Fault, Outcome};
use crate::platform::files;
use crate::platform::nginx::{Part, Set, Words, contained};
use crate::platform::proxy::Refused;

/// What the apps' folders say, each app's file as it stands. Answers with those that nginx refuses.
///
/// # Errors
/// When nginx cannot be run, or refuses what belongs to no app.
pub async fn test(places: &ProxyPlaces, about: Value) -> Outcome<Value> {
    let names: Vec<String> = serde_json::from_value(about).context(|| "names of apps are wanted")?;
    let mut refused = Vec::new();
    let mut left = BTreeMap::new();
    for name in names {
        let app: AppName = name.parse()?;
        match whole(places, &app)? {
            Ok(set) => drop(left.insert(app, set)),
            Err(why) => refused.push(Refused { app: name, why }),
        }
    }
    // All at once, as one look takes as long as another; each round takes out one, so the loop ends.
    while !left.is_empty() {
        let Some(words) = places.nginx.test(&Set::of(left.values())).await? else { break };
        let app = match named(places, &words, &left) {
            Some(app) => app,
            None => find(places, &words, &left).await?,
        };
        left.remove(&app);
        refused.push(Refused { app: app.to_string(), why: words.text });
    }
    Ok(json!(refused))
}

/// A text that is to become the configuration of an app, alone. Answers with nginx's words when it refuses it.
///
/// # Errors
/// When nginx cannot be run.
pub async fn check(places: &ProxyPlaces, about: Value) -> Outcome<Value> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let (app, text): (String, String) =
        serde_json::from_value(about).context(|| "the name of an app and a text are wanted")?;
    let app: AppName = app.parse()?;
    if let Err(fault) = contained(&text, &places.active_files(&app), places.prefix()) {
        return Ok(json!(fault.message));
    }
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let path = places.candidate(Part::Http, &app).with_extension(format!("{number}.checked"));
    files::write_as_root(&path, text.as_bytes(), 0o644)?;
    let alone = Set { http: vec![path.clone()], ..Set::default() };
    let words = places.nginx.test(&alone).await;
    files::remove(&path)?;
    // The file is gone: its path would help nobody, its line does.
    let place = path.display().to_string();
    Ok(json!(words?.map(|words| words.text.replace(&place, "nginx.conf"))))
}

/// The files of an app, if all that they name is there; else what is not.
fn whole(places: &ProxyPlaces, app: &AppName) -> Outcome<Result<Set, String>> {
    let mut set = Set::default();
    for part in Part::ALL {
        let path = places.wanted(part, app);
        let Some(text) = files::read_text(&path)? else { continue };
        if let Err(fault) = contained(&text, &places.active_files(app), places.prefix()) {
            return Ok(Err(fault.message));
        }
        set.add(part, path);
    }
    Ok(Ok(set))
}

/// The app whose folder nginx names, be it the configuration, a snippet or a certificate.
fn named(places: &ProxyPlaces, words: &Words, left: &BTreeMap<AppName, Set>) -> Option<AppName> {
    let root = format!("{}/", places.layout.root.display());
    let mut folders = words.text.split(root.as_str()).skip(1).filter_map(|rest| rest.split('/').next());
    folders.find_map(|name| name.parse().ok().filter(|app| left.contains_key(app)))
}

/// The first one that nginx refuses alone; for words that name none.
async fn find(places: &ProxyPlaces, words: &Words, left: &BTreeMap<AppName, Set>) -> Outcome<AppName> {
    let own = places.nginx.test(&Set::default()).await?;
    if own.is_none() {
        for (app, alone) in left {
            if places.nginx.test(alone).await?.is_some() {
                return Ok(app.clone());
            }
        }
    }
    Err(Fault::new(format!("nginx refuses its configuration: {}", words.text))
        .hint("no app's configuration is to blame: look at what stands in /etc/nginx"))
}

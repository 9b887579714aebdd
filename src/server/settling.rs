//! Deploys whose process was killed are undone or finished at once, not only when somebody deploys again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tracing::{info, warn};

use super::upkeep::Commands;
use crate::model::{AppName, Outcome};

/// How often it is looked. A look costs a folder, and two small files for each app that is being deployed.
pub const EVERY: Duration = Duration::from_secs(1);

/// How long after it was found it is looked again: one that is found twice is not just about to begin or to end.
const SURE: Duration = Duration::from_millis(250);

/// How long until what cannot be settled is tried again; it doubles each time.
const AGAIN: Duration = Duration::from_secs(2);

/// Not longer than this.
const AGAIN_AT_MOST: Duration = Duration::from_secs(300);

/// The command that settles one.
const SETTLE: &str = "deploy:settle";

/// Has deploys settled that nobody works on any more. `abandoned` tells whose they are.
pub async fn settle(
    abandoned: impl Fn() -> Outcome<Vec<AppName>> + Clone + Send + 'static,
    commands: Arc<impl Commands>,
) {
    let mut waiting: BTreeMap<AppName, (Instant, Duration)> = BTreeMap::new();
    let look = async || tokio::task::spawn_blocking(abandoned.clone()).await.ok()?.ok();
    loop {
        tokio::time::sleep(EVERY).await;
        let Some(mut found) = look().await else { continue };
        waiting.retain(|app, _| found.contains(app));
        found.retain(|app| waiting.get(app).is_none_or(|(at, _)| *at <= Instant::now()));
        if found.is_empty() {
            continue;
        }
        tokio::time::sleep(SURE).await;
        let Some(again) = look().await else { continue };
        found.retain(|app| again.contains(app));
        for app in &found {
            info!(%app, "a deploy was interrupted: settling it");
            if let Err(fault) = commands.run(vec![SETTLE.to_owned(), app.to_string()]).await {
                warn!("the interrupted deploy of {app} is not settled: {fault}");
            }
            let pause = waiting.get(app).map_or(AGAIN, |(_, pause)| (*pause * 2).min(AGAIN_AT_MOST));
            waiting.insert(app.clone(), (Instant::now() + pause, pause));
        }
    }
}

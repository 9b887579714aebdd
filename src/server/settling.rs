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
    let mut seen = Vec::new();
    loop {
        tokio::time::sleep(EVERY).await;
        let found = tokio::task::spawn_blocking(abandoned.clone()).await;
        let Ok(Ok(found)) = found else { continue };
        waiting.retain(|app, _| found.contains(app));
        for app in &found {
            // One that is seen twice is not just about to begin or to end.
            let is_due = waiting.get(app).is_none_or(|(at, _)| *at <= Instant::now());
            if !seen.contains(app) || !is_due {
                continue;
            }
            info!(%app, "a deploy was interrupted: settling it");
            if let Err(fault) = commands.run(vec![SETTLE.to_owned(), app.to_string()]).await {
                warn!("the interrupted deploy of {app} is not settled: {fault}");
            }
            let pause = waiting.get(app).map_or(AGAIN, |(_, pause)| (*pause * 2).min(AGAIN_AT_MOST));
            waiting.insert(app.clone(), (Instant::now() + pause, pause));
        }
        seen = found;
    }
}

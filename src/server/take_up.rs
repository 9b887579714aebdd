//! Pushes that the end of the server before cut off go on.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::task::JoinSet;
use tracing::{info, warn};

use super::upkeep::Commands;
use crate::model::AppName;
use crate::store::{Layout, interrupted};

/// The command that takes up those of an app.
const TAKE_UP: &str = "git:take-up";

/// How many apps at once: each is a process, most of which wait for their turn to build.
const AT_ONCE: usize = 32;

/// Has them deployed.
pub async fn take_up(layout: Layout, commands: Arc<impl Commands>) {
    let found = match interrupted::apps(&layout) {
        Ok(found) => found,
        Err(fault) => return warn!("interrupted pushes are not taken up: {fault}"),
    };
    let mut left: VecDeque<AppName> = found.into();
    let mut running = JoinSet::new();
    loop {
        while running.len() < AT_ONCE
            && let Some(app) = left.pop_front()
        {
            info!(%app, "a push was interrupted: taking it up");
            let commands = Arc::clone(&commands);
            running.spawn(async move {
                if let Err(fault) = commands.run(vec![TAKE_UP.to_owned(), app.to_string()]).await {
                    warn!("the interrupted push to {app} was not deployed: {fault}");
                }
            });
        }
        if running.join_next().await.is_none() {
            return;
        }
    }
}

//! The release before the current one, kept while its containers still run: a switch can be taken back
//! for as long as the old containers wait to retire.

use serde::{Deserialize, Serialize};

use crate::kernel::{Ctx, Failure, Result};
use crate::model::AppName;
use crate::platform::files;
use crate::store::{Extracted, Layout};

use super::intent::Intent;

/// How things were before the last switch.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Previous {
    /// What the deploy changed. Its build id names the deploy that would be taken back.
    pub intent: Intent,
    /// Files of the release before: the path they had, and their text.
    pub files: Vec<(std::path::PathBuf, Option<String>)>,
    /// Until when the old containers are there, seconds of the epoch.
    pub until: i64,
}

impl Previous {
    /// Keeps how things were before this deploy, unless that is done.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(ctx: &Ctx, app: &AppName, intent: &Intent, seconds: u32) -> Result {
        if Previous::load(ctx, app)?.is_some_and(|kept| kept.intent.build_id == intent.build_id) {
            return Ok(());
        }
        let mut kept = Vec::new();
        for file in Extracted::ALL {
            let path = file.path(ctx.layout(), app);
            let text = files::read_text(&path)?;
            kept.push((path, text));
        }
        let previous = Previous {
            intent: Intent { is_final: false, is_switching: true, ..intent.clone() },
            files: kept,
            until: ctx.platform.clock.now().as_second() + i64::from(seconds),
        };
        let text = serde_json::to_string_pretty(&previous).expect("strings and lists are JSON");
        Ok(files::write(&path(ctx.layout(), app), text.as_bytes(), 0o600)?)
    }

    /// What is kept, if anything.
    ///
    /// # Errors
    /// When the file is there and cannot be understood.
    pub fn load(ctx: &Ctx, app: &AppName) -> Result<Option<Self>> {
        let path = path(ctx.layout(), app);
        let Some(text) = files::read_text(&path)? else { return Ok(None) };
        serde_json::from_str(&text)
            .map(Some)
            .map_err(|error| Failure::internal(format!("cannot understand {}: {error}", path.display())))
    }

    /// Forgets it.
    ///
    /// # Errors
    /// When the file cannot be removed.
    pub fn forget(ctx: &Ctx, app: &AppName) -> Result {
        Ok(files::remove(&path(ctx.layout(), app)).map(drop)?)
    }
}

/// True while the last switch of an app may be taken back.
pub fn is_kept(layout: &Layout, app: &AppName) -> bool {
    files::exists(&path(layout, app))
}

fn path(layout: &Layout, app: &AppName) -> std::path::PathBuf {
    layout.app_data("deploys", app).join("previous.json")
}

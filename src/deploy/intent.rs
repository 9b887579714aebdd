//! What a deploy is about to change, written down before it does.

use serde::{Deserialize, Serialize};

use crate::kernel::{Ctx, Failure, Result};
use crate::model::AppName;
use crate::platform::files;

/// The label that tells the containers of a deploy from all others.
pub const LABEL: &str = "com.dokku.deploy-id";

/// How things were before a deploy. As long as the file is there, the deploy is not final, and whoever
/// takes the app's next turn puts all of this back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Intent {
    /// The deploy, as its containers are labelled and its build record is named.
    pub build_id: String,
    /// The process whose candidate files (`Procfile.PID`) are to be thrown away.
    pub pid: String,
    /// The id of the image that carried the app's name.
    pub previous_image: Option<String>,
    /// The app's variables that the deploy sets: name, and value before.
    pub variables: Vec<(String, Option<String>)>,
    /// CONTAINER, IP and PORT files in the app's folder: name, and content before.
    pub state: Vec<(String, String)>,
    /// The containers that served before: id and name.
    pub serving: Vec<(String, String)>,
    /// True from the moment state files or routes may have changed.
    pub is_switching: bool,
    /// True once the deploy is accepted: what is left of it is finished, no longer undone.
    pub is_final: bool,
}

impl Intent {
    /// The open intent of an app, if there is one.
    ///
    /// # Errors
    /// When the file is there and cannot be understood.
    pub fn load(ctx: &Ctx, app: &AppName) -> Result<Option<Self>> {
        let path = path(ctx, app);
        let Some(text) = files::read_text(&path)? else { return Ok(None) };
        serde_json::from_str(&text)
            .map(Some)
            .map_err(|error| Failure::internal(format!("cannot understand {}: {error}", path.display())))
    }

    /// Writes it down.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self, ctx: &Ctx, app: &AppName) -> Result {
        let text = serde_json::to_string_pretty(self).expect("strings and lists are JSON");
        Ok(files::write(&path(ctx, app), text.as_bytes(), 0o600)?)
    }

    /// The deploy is final, or undone.
    ///
    /// # Errors
    /// When the file cannot be removed.
    pub fn close(ctx: &Ctx, app: &AppName) -> Result {
        Ok(files::remove(&path(ctx, app)).map(drop)?)
    }
}

/// The apps with an open intent.
///
/// # Errors
/// When the folder cannot be read.
pub fn open(ctx: &Ctx) -> Result<Vec<AppName>> {
    let names = files::folder_names(&ctx.layout().data("deploys"))?;
    let apps = names.into_iter().filter_map(|name| name.parse().ok());
    Ok(apps.filter(|app| files::exists(&path(ctx, app))).collect())
}

fn path(ctx: &Ctx, app: &AppName) -> std::path::PathBuf {
    ctx.layout().app_data("deploys", app).join("intent.json")
}

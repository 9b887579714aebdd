//! What a deploy is about to change, written down before it does.

use serde::{Deserialize, Serialize};

use crate::kernel::{Ctx, Failure, Result};
use crate::model::{AppName, Outcome, Scope};
use crate::platform::{files, lock};
use crate::store::{Layout, builds, properties, variables};

use super::image::{self, image_name};
use super::released;

/// The label that tells the containers of a deploy from all others.
pub const LABEL: &str = "com.dokku.deploy-id";

/// How things were before a deploy. As long as the file is there, the deploy is not final, and whoever
/// takes the app's next turn puts all of this back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Intent {
    /// The deploy, as its containers are labelled and its build record is named.
    pub build_id: String,
    /// The process whose candidate files (`Procfile.PID`) are to be thrown away.
    pub pid: String,
    /// The id of the image that carried the app's name.
    pub previous_image: Option<String>,
    /// The app's variables that the deploy sets: name, and value before.
    pub variables: Vec<(String, Option<String>)>,
    /// Properties that the deploy changes.
    pub properties: Vec<Held>,
    /// CONTAINER, IP and PORT files in the app's folder: name, and content before.
    pub state: Vec<(String, String)>,
    /// The containers that served before: id and name.
    pub serving: Vec<(String, String)>,
    /// Who deploys: the name of the SSH key, or the user of the system.
    pub by: String,
    /// What started the deploy, as in its build record.
    pub source: String,
    /// The release that is returned to.
    pub rolls_back_to: Option<u64>,
    /// True from the moment state files or routes may have changed.
    pub is_switching: bool,
    /// True once the scheduler, whichever it is, has done its part.
    pub is_deployed: bool,
    /// True once the deploy is accepted: what is left of it is finished, no longer undone.
    pub is_final: bool,
}

impl Intent {
    /// The open intent of an app, if there is one.
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

    /// Writes it down.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self, ctx: &Ctx, app: &AppName) -> Result {
        Ok(self.write(ctx.layout(), app)?)
    }

    /// The same, for who has no more than the paths.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, layout: &Layout, app: &AppName) -> Outcome {
        let text = serde_json::to_string_pretty(self).expect("strings and lists are JSON");
        files::write(&path(layout, app), text.as_bytes(), 0o600)
    }

    /// The deploy is final, or undone.
    ///
    /// # Errors
    /// When the file cannot be removed.
    pub fn close(ctx: &Ctx, app: &AppName) -> Result {
        Ok(files::remove(&path(ctx.layout(), app)).map(drop)?)
    }
}

/// A property of the app as it was before the deploy.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// Whose it is.
    pub plugin: String,
    /// Its name.
    pub key: String,
    /// Its value before; none when it was not set.
    pub before: Option<String>,
    /// What the deploy made of it, once that is known. Another value is somebody's who changed it meanwhile, and stays.
    pub after: Option<String>,
}

/// What a release makes of the scale (contract: formats.md section 4).
const SCALE: [(&str, &str); 3] = [("ps", "scale"), ("ps", "scale.old"), ("ps", "can-scale")];

/// What listeners of `core-post-deploy` set to true: that the app was deployed, and starts again after a boot.
const MARKS: [(&str, &str); 2] = [("common", "deployed"), ("ps", "restore")];

/// What a build finds out and writes down at once; it is true of the image that is put back.
const FOUND_BY_BUILDS: [(&str, &str); 2] = [("builder", "detected"), ("ports", "map-detected")];

impl Intent {
    /// How things are now. Nothing is written down yet.
    ///
    /// # Errors
    /// When the engine or the store cannot be asked.
    pub async fn begin(ctx: &Ctx, app: &AppName) -> Result<Self> {
        let mut intent = Intent {
            build_id: ctx.env.get("DOKKU_BUILD_ID").unwrap_or_default().to_owned(),
            pid: ctx.env.get("DOKKU_PID").unwrap_or_default().to_owned(),
            previous_image: image::find(ctx, &image_name(app, None)).await?.map(|image| image.id),
            by: ctx.caller.who().to_owned(),
            source: ctx.env.get("DOKKU_BUILD_SOURCE").unwrap_or("unknown").to_owned(),
            ..Intent::default()
        };
        released::before(ctx, app, intent.previous_image.as_deref()).await?;
        for mark in MARKS {
            intent.hold(ctx, app, mark, Some("true"))?;
        }
        for found in FOUND_BY_BUILDS {
            intent.hold(ctx, app, found, None)?;
        }
        Ok(intent)
    }

    /// Notes a property before the deploy changes it, to `after` if that is known.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub fn hold(
        &mut self,
        ctx: &Ctx,
        app: &AppName,
        (plugin, key): (&str, &str),
        after: Option<&str>,
    ) -> Result {
        let before = properties::get(ctx.layout(), plugin, &app.into(), key)?;
        if !self.properties.iter().any(|held| held.plugin == plugin && held.key == key) {
            let (plugin, key, after) = (plugin.to_owned(), key.to_owned(), after.map(str::to_owned));
            self.properties.push(Held { plugin, key, before, after });
        }
        Ok(())
    }
}

/// Notes the scale before a release changes it.
///
/// # Errors
/// When it cannot be read or written down.
pub fn note_scale(ctx: &Ctx, app: &AppName) -> Result {
    let Some(mut intent) = Intent::load(ctx, app)? else { return Ok(()) };
    for property in SCALE {
        intent.hold(ctx, app, property, None)?;
    }
    intent.save(ctx, app)
}

/// Notes what a release made of the scale: who changes it after this keeps what he set.
///
/// # Errors
/// When it cannot be read or written down.
pub fn note_scale_after(ctx: &Ctx, app: &AppName) -> Result {
    let Some(mut intent) = Intent::load(ctx, app)? else { return Ok(()) };
    for held in &mut intent.properties {
        if !SCALE.contains(&(held.plugin.as_str(), held.key.as_str())) {
            continue;
        }
        let now = properties::get(ctx.layout(), &held.plugin, &app.into(), &held.key)?;
        held.after = Some(now.unwrap_or_default());
    }
    intent.save(ctx, app)
}

/// Notes variables of the app before a deploy sets them: should it fail, they get their values back.
///
/// # Errors
/// When they cannot be read or written down.
pub fn note_variables(ctx: &Ctx, app: &AppName, names: &[&str]) -> Result {
    let Some(mut intent) = Intent::load(ctx, app)? else { return Ok(()) };
    let own = variables::own(ctx.layout(), &Scope::from(app))?;
    for &name in names {
        if !intent.variables.iter().any(|(noted, _)| noted == name) {
            intent.variables.push((name.to_owned(), own.get(name).cloned()));
        }
    }
    intent.save(ctx, app)
}

/// The apps with an open intent.
///
/// # Errors
/// When the folder cannot be read.
pub fn open(layout: &Layout) -> Outcome<Vec<AppName>> {
    let names = files::folder_names(&layout.data("deploys"))?;
    let apps = names.into_iter().filter_map(|name| name.parse().ok());
    Ok(apps.filter(|app| files::exists(&path(layout, app))).collect())
}

/// Those of them that nobody works on: the process that began is gone, and so is whoever had the app's turn.
///
/// # Errors
/// When a folder or a lock cannot be read.
pub fn abandoned(layout: &Layout) -> Outcome<Vec<AppName>> {
    let mut found = Vec::new();
    for app in open(layout)? {
        let Ok(Some(bytes)) = files::read(&path(layout, &app)) else { continue };
        let id = serde_json::from_slice(&bytes).map(|intent: Intent| intent.build_id).unwrap_or_default();
        // By more than its number, which somebody else may have by now.
        let process = builds::load(layout, &app, &id).ok().flatten().and_then(|record| record.process());
        if !process.is_some_and(|process| process.is_alive())
            && lock::holder(&layout.deploy_queue(&app))?.is_none()
        {
            found.push(app);
        }
    }
    Ok(found)
}

/// True from the moment a deploy of the app may have changed state files and routes until it is final or undone. One
/// that cannot be understood counts as such.
pub fn is_switching(layout: &Layout, app: &AppName) -> bool {
    match files::read(&path(layout, app)) {
        Ok(None) => false,
        Ok(Some(bytes)) => serde_json::from_slice(&bytes).map_or(true, |intent: Intent| intent.is_switching),
        Err(_) => true,
    }
}

/// True when the deploy of this id has come to its switch: its new release serves, or is about to. An intent that cannot
/// be understood counts as such.
pub fn is_past_switch(layout: &Layout, app: &AppName, id: &str) -> bool {
    match files::read(&path(layout, app)) {
        Ok(None) => false,
        Ok(Some(bytes)) => serde_json::from_slice(&bytes)
            .map_or(true, |intent: Intent| intent.build_id == id && (intent.is_switching || intent.is_final)),
        Err(_) => true,
    }
}

fn path(layout: &Layout, app: &AppName) -> std::path::PathBuf {
    layout.app_data("deploys", app).join("intent.json")
}

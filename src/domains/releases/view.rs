//! A release as it is shown.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::kernel::{Ctx, Failure, Result};
use crate::model::AppName;
use crate::platform::docker::Filter;
use crate::store::releases::{self, Release};

/// The releases of an app, with what only the engine knows.
pub struct Shown {
    /// All that are remembered, the newest first.
    pub all: Vec<Release>,
    /// The ids of images that are there.
    images: Vec<String>,
}

impl Shown {
    /// Those of an app.
    ///
    /// # Errors
    /// When the store or the engine cannot be asked.
    pub async fn of(ctx: &Ctx, app: &AppName) -> Result<Self> {
        let all = releases::all(ctx.layout(), app)?;
        let mut images = Vec::new();
        if !all.is_empty() {
            let filter = Filter::all().and("reference", format!("dokku/{app}"));
            let listed = ctx.platform.docker.list_images(&filter).await?;
            images.extend(listed.into_iter().map(|image| image.id));
        }
        Ok(Shown { all, images })
    }

    /// What can be done with a release.
    pub fn status(&self, release: &Release) -> &'static str {
        let is_current = releases::current(&self.all).is_some_and(|current| current.number == release.number);
        match (is_current, release.is_kept(), self.images.contains(&release.image)) {
            (true, _, _) => "current",
            (_, false, _) => "taken-back",
            (_, _, true) => "kept",
            (_, _, false) => "image-gone",
        }
    }

    /// A release for programs.
    pub fn json(&self, release: &Release) -> Value {
        let or_null = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
        json!({
            "release": release.number,
            "status": self.status(release),
            "deployed_at": time(release.at),
            "by": or_null(&release.by),
            "source": release.source,
            "build_id": or_null(&release.build_id),
            "commit": or_null(&release.revision),
            "image": release.image,
            "rolled_back_to": release.rolled_back_to,
            "taken_back": release.taken_back,
            "changes": release.changes,
        })
    }
}

/// What a release came from.
pub fn source(release: &Release) -> String {
    match release.rolled_back_to {
        Some(number) => format!("{} {number}", release.source),
        None => release.source.clone(),
    }
}

/// A time to the second, RFC 3339, UTC.
pub fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The release of that number, or the current one.
///
/// # Errors
/// When the word is no number, or there is no such release.
pub fn find<'a>(app: &AppName, all: &'a [Release], number: Option<&str>) -> Result<&'a Release> {
    let found = match number.filter(|number| !number.is_empty()) {
        None => releases::current(all),
        Some(number) => {
            let number = number.trim_start_matches('v').parse();
            all.iter().find(|release| number == Ok(release.number))
        }
    };
    found.ok_or_else(|| match number {
        Some(number) => Failure::user(format!("No release {number} of {app} is known"))
            .hint(format!("'releases:list {app}' shows which there are")),
        None => none(app),
    })
}

/// An app that nothing was deployed of.
pub fn none(app: &AppName) -> Failure {
    Failure::user(format!("No release of {app} is recorded yet"))
        .hint("Each deploy that goes live and changes something makes one")
}

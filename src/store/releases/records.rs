//! Records as files: written, read, forgotten.

use std::path::PathBuf;

use super::{Content, Release};
use crate::model::{AppName, Outcome};
use crate::platform::files;
use crate::store::Layout;
use crate::store::kept_variables::{KeptVariables, Shelf};
use crate::store::numbered::{Numbered, Records};

impl Numbered for Release {
    fn number(&self) -> u64 {
        self.number
    }

    fn variables(&self) -> &KeptVariables {
        &self.variables
    }
}

/// All releases of an app that are remembered, the newest first. Files that are no records are left out.
///
/// # Errors
/// When the folder cannot be read.
pub fn all(layout: &Layout, app: &AppName) -> Outcome<Vec<Release>> {
    records(layout, app).all()
}

/// One, if it is remembered.
///
/// # Errors
/// When it is there and cannot be understood.
pub fn load(layout: &Layout, app: &AppName, number: u64) -> Outcome<Option<Release>> {
    records(layout, app).load(number)
}

/// The release that serves: the newest that was not taken back.
pub fn current(releases: &[Release]) -> Option<&Release> {
    releases.iter().find(|release| release.is_kept())
}

/// The release that `releases:rollback` returns to without a number: the one before what serves now. After a rollback
/// to N that is the one before N, not the one that was rolled back from.
pub fn fallback(releases: &[Release]) -> Option<&Release> {
    let origin = origin(releases, current(releases)?);
    releases.iter().find(|release| release.is_kept() && release.number < origin)
}

/// The number of the release that a release is the like of: its own, or that of the one that was returned to.
pub fn origin(releases: &[Release], of: &Release) -> u64 {
    let mut origin = of;
    while let Some(before) = origin.rolled_back_to.filter(|before| *before < origin.number) {
        match releases.iter().find(|release| release.number == before) {
            Some(found) => origin = found,
            None => return before,
        }
    }
    origin.number
}

/// The number of the next release.
///
/// # Errors
/// When the folder cannot be read.
pub fn next_number(layout: &Layout, app: &AppName) -> Outcome<u64> {
    records(layout, app).next_number()
}

/// Writes down a release with this content.
///
/// # Errors
/// When it cannot be written.
pub fn add(layout: &Layout, app: &AppName, release: Release, content: &Content) -> Outcome<Release> {
    let records = records(layout, app);
    let before: Option<Release> = records.newest()?;
    let before = before.as_ref().map(|before| &before.variables);
    let variables = records.shelf().keep(release.number, &content.variables, before)?;
    let Content { image, settings, files, .. } = content.clone();
    let release = Release { image, variables, settings, files, ..release };
    records.write(&release)?;
    Ok(release)
}

/// Writes a record anew.
///
/// # Errors
/// When it cannot be written.
pub fn rewrite(layout: &Layout, app: &AppName, release: &Release) -> Outcome {
    records(layout, app).write(release)
}

/// What a release consists of.
///
/// # Errors
/// When a value that is kept beside the record is gone.
pub fn content_of(layout: &Layout, app: &AppName, release: &Release) -> Outcome<Content> {
    Ok(Content {
        image: release.image.clone(),
        variables: records(layout, app).shelf().load(&release.variables)?,
        settings: release.settings.clone(),
        files: release.files.clone(),
    })
}

/// Writes down that a release gave its place back, if that deploy made one.
///
/// # Errors
/// When the record cannot be read or written.
pub fn take_back(layout: &Layout, app: &AppName, build_id: &str, cause: &str) -> Outcome {
    for release in all(layout, app)? {
        if release.build_id == build_id && !build_id.is_empty() && release.is_kept() {
            rewrite(layout, app, &Release { taken_back: Some(cause.to_owned()), ..release })?;
        }
    }
    Ok(())
}

/// Forgets releases, and the values that no other has.
///
/// # Errors
/// When a file cannot be read or removed.
pub fn remove(layout: &Layout, app: &AppName, numbers: &[u64]) -> Outcome {
    records(layout, app).forget::<Release>(numbers)
}

/// Gives an app the records of another, as when it gets its name.
///
/// # Errors
/// When they cannot be copied.
pub fn copy(layout: &Layout, old: &AppName, new: &AppName) -> Outcome {
    files::copy_all(&folder(layout, old), &folder(layout, new))
}

/// Forgets all of an app.
///
/// # Errors
/// When the folder cannot be removed.
pub fn forget(layout: &Layout, app: &AppName) -> Outcome {
    files::remove_folder(&folder(layout, app))
}

fn folder(layout: &Layout, app: &AppName) -> PathBuf {
    layout.app_data("releases", app)
}

fn records(layout: &Layout, app: &AppName) -> Records {
    let folder = folder(layout, app);
    let shelf = Shelf::new(folder.join("values"));
    Records::new(folder, shelf)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::releases::SCHEMA;

    fn release(number: u64) -> Release {
        Release {
            schema: SCHEMA,
            number,
            at: jiff::Timestamp::from_second(1_700_000_000).expect("a time"),
            by: "admin".to_owned(),
            source: "git-hook".to_owned(),
            build_id: format!("build{number}"),
            revision: String::new(),
            rolled_back_to: None,
            taken_back: None,
            changes: Vec::new(),
            image: format!("sha256:{number}"),
            variables: [].into(),
            settings: [].into(),
            files: [].into(),
        }
    }

    #[test]
    fn without_a_number_the_way_back_leads_further_back() {
        let numbered = |releases: &[Release]| fallback(releases).map(|release| release.number);
        let mut releases: Vec<Release> = [4, 3, 2, 1].map(release).into();
        assert_eq!(numbered(&releases), Some(3));
        releases.insert(0, Release { rolled_back_to: Some(3), ..release(5) });
        assert_eq!(numbered(&releases), Some(2), "4 is the one that was left");
        releases.insert(0, Release { rolled_back_to: Some(5), ..release(6) });
        assert_eq!(numbered(&releases), Some(2));
        releases.insert(0, Release { taken_back: Some("died".to_owned()), ..release(7) });
        assert_eq!(current(&releases).map(|release| release.number), Some(6));
        releases.retain(|release| release.number >= 5);
        assert_eq!(numbered(&releases), None);
    }

    #[test]
    fn a_release_comes_back_as_it_was_written_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (layout, app) = (Layout::below(folder.path()), "shop".parse().expect("a name"));
        let mut content = Content { image: "sha256:1".to_owned(), ..Content::default() };
        content.variables.insert("BIG".to_owned(), "x".repeat(1_000_000));
        content.settings.insert("ps".to_owned(), [("scale".to_owned(), "web=2\n".to_owned())].into());
        for number in [1, 2] {
            add(&layout, &app, release(number), &content).expect("writable");
        }
        let second = load(&layout, &app, 2).expect("readable").expect("there");
        assert_eq!(content_of(&layout, &app, &second).expect("readable"), content);
        let path = super::folder(&layout, &app).join("2.json");
        let mode = std::os::unix::fs::PermissionsExt::mode(&path.metadata().expect("there").permissions());
        assert_eq!(mode & 0o777, 0o600);
        remove(&layout, &app, &[1]).expect("removable");
        assert_eq!(content_of(&layout, &app, &second).expect("still whole"), content);
        assert_eq!(next_number(&layout, &app).expect("readable"), 3);
        take_back(&layout, &app, "build2", "web.1 died").expect("writable");
        assert!(current(&all(&layout, &app).expect("readable")).is_none());
    }
}

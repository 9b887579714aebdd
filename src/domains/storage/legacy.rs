//! Mounts among an app's docker options, as releases before 0.38 kept them, become entries and attachments.

use crate::kernel::{Ctx, Failure, Result};
use crate::model::storage::ColonMount;
use crate::model::{AppName, Scope, docker_args};
use crate::platform::files;
use crate::store::attachments::{self, ALL, Attachment, DEPLOY, RUN};
use crate::store::properties;
use crate::store::storage_entries::{self, Entry};

use super::DOMAIN;

/// Set for an app once mounts of it were found and taken over.
const MIGRATED: &str = "legacy-mounts-migrated";

/// Where the options of all process types are, and in which containers what is mounted there then is.
const OPTIONS: [(&str, &str); 2] = [("_default_.deploy", DEPLOY), ("_default_.run", RUN)];

/// A mount among the options, and where it was found.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    option: String,
    mount: ColonMount,
    phases: Vec<&'static str>,
}

/// True for an app whose mounts were taken over already.
///
/// # Errors
/// When that cannot be read.
pub fn is_migrated(ctx: &Ctx, app: &AppName) -> Result<bool> {
    take_old_mark(ctx, app)?;
    Ok(properties::get(ctx.layout(), DOMAIN.plugin, &app.into(), MIGRATED)?.is_some())
}

/// Takes an app's mounts over: entry, attachment, and only then the option goes, so that a kill in between loses none.
///
/// # Errors
/// When something on the way cannot be written, or the registry has another entry of the name.
pub fn migrate(ctx: &Ctx, app: &AppName) -> Result {
    take_old_mark(ctx, app)?;
    let layout = ctx.layout();
    let _registry = storage_entries::locked(layout)?;
    let _mounts = attachments::locked(layout, app)?;
    let _options = properties::locked(layout, "docker-options", &app.into())?;
    let all = find(&options(ctx, app)?);
    for found in &all {
        take_over(ctx, app, found).map_err(|failure| {
            Failure::user(format!("storage migration failed for app {:?}: {failure}", app.as_str()))
        })?;
    }
    if !all.is_empty() {
        properties::set(layout, DOMAIN.plugin, &app.into(), MIGRATED, "true")?;
    }
    Ok(())
}

/// An early 0.38 kept the mark as a file.
fn take_old_mark(ctx: &Ctx, app: &AppName) -> Result {
    let file = ctx.layout().storage_migrations().join(app.as_str());
    if files::is_file(&file) {
        properties::set(ctx.layout(), DOMAIN.plugin, &app.into(), MIGRATED, "true")?;
        files::remove(&file)?;
    }
    Ok(())
}

fn options(ctx: &Ctx, app: &AppName) -> Result<Vec<(&'static str, Vec<String>)>> {
    let scope = Scope::from(app);
    let read = |(key, phase)| Ok((phase, properties::list(ctx.layout(), "docker-options", &scope, key)?));
    OPTIONS.into_iter().map(read).collect()
}

/// The mounts, by option. What is no mount in one word (a volume without a source) stays an option.
fn find(options: &[(&'static str, Vec<String>)]) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    for (phase, lines) in options {
        for option in lines {
            if let Some(found) = all.iter_mut().find(|found| found.option == *option) {
                found.phases.push(phase);
                continue;
            }
            let words = docker_args::split_words(option).unwrap_or_default();
            if let [flag, word] = words.as_slice()
                && flag == "-v"
                && let Ok(mount) = word.parse()
            {
                all.push(Found { option: option.clone(), mount, phases: vec![phase] });
            }
        }
    }
    all.sort_by(|one, other| one.option.cmp(&other.option));
    all
}

fn take_over(ctx: &Ctx, app: &AppName, found: &Found) -> Result {
    let layout = ctx.layout();
    let entry = Entry::of_mount(&found.mount)?;
    match storage_entries::find(layout, &entry.name)? {
        None => storage_entries::save(layout, &entry)?,
        Some(old) if old.host_path == entry.host_path && old.scheduler == entry.scheduler => {}
        Some(old) => {
            return Err(Failure::user(format!(
                "legacy entry {:?} already exists with conflicting fields",
                old.name
            )));
        }
    }
    let attachment = Attachment {
        entry_name: entry.name,
        container_path: found.mount.target.clone(),
        phases: found.phases.iter().map(|phase| (*phase).to_owned()).collect(),
        process_type: ALL.to_owned(),
        readonly: found.mount.readonly,
        volume_options: found.mount.options.clone(),
        ..Attachment::default()
    };
    let mut all = attachments::of(layout, app)?;
    if !all.iter().any(|one| one.is_same(&attachment)) {
        all.push(attachment);
        attachments::save(layout, app, &all)?;
    }
    let scope = Scope::from(app);
    for (key, phase) in OPTIONS {
        if found.phases.contains(&phase) {
            let mut kept = properties::list(layout, "docker-options", &scope, key)?;
            kept.retain(|option| *option != found.option);
            properties::set_list(layout, "docker-options", &scope, key, &kept)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mounts_are_found_among_the_options_of_both_phases() {
        let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        let found = find(&[
            (DEPLOY, lines(&["--link a", "-v /b:/b:ro", "-v '/a b:/a'", "-v /anonymous"])),
            (RUN, lines(&["-v /b:/b:ro", "--volume /c:/c"])),
        ]);
        let seen: Vec<(&str, Vec<&str>)> =
            found.iter().map(|one| (one.mount.source.as_str(), one.phases.clone())).collect();
        assert_eq!(seen, [("/a b", vec![DEPLOY]), ("/b", vec![DEPLOY, RUN])]);
        assert!(found[1].mount.readonly);
    }
}

//! Mounts: among docker options, as releases before 0.38 kept them, and in `PERSISTENT_STORAGE`, the file of a plugin of old
//! (dokku-persistent-storage). They become entries and attachments.

use super::report::Report;
use super::{old_file, options};
use crate::model::storage::ColonMount;
use crate::model::{AppName, Fault, Outcome, Scope, docker_args};
use crate::platform::files;
use crate::store::attachments::{self, ALL, Attachment, DEPLOY, RUN};
use crate::store::storage_entries::{self, Entry};
use crate::store::{Layout, properties};

/// A mount a line: `/host:/container`, or a volume without a name, `/container`.
pub const FILE: &str = "PERSISTENT_STORAGE";

const PLUGIN: &str = "storage";

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
pub fn is_adopted(layout: &Layout, app: &AppName) -> Outcome<bool> {
    take_old_mark(layout, app)?;
    Ok(properties::get(layout, PLUGIN, &app.into(), MIGRATED)?.is_some())
}

/// Takes an app's mounts over from its docker options: entry, attachment, and only then the option goes, so that a kill in between loses none.
///
/// # Errors
/// When something on the way cannot be written, or the registry has another entry of the name.
pub fn adopt(layout: &Layout, app: &AppName, report: &mut Report) -> Outcome {
    take_old_mark(layout, app)?;
    let _registry = storage_entries::locked(layout)?;
    let _mounts = attachments::locked(layout, app)?;
    let _options = properties::locked(layout, options::PLUGIN, &app.into())?;
    let all = find(&stored(layout, app)?);
    if !all.is_empty() {
        // Without their number: a run that is cut off leaves fewer to the next.
        report.taken(&app.into(), "mounts among the docker options are storage entries")?;
    }
    for found in &all {
        take_over(layout, app, found).map_err(|fault| of_app(app, &fault))?;
    }
    if !all.is_empty() {
        properties::set(layout, PLUGIN, &app.into(), MIGRATED, "true")?;
    }
    Ok(())
}

/// Takes over the plugin's file. A volume without a name stays what it was, a docker option.
///
/// # Errors
/// As [`adopt`]. The file is then still there.
pub fn adopt_file(layout: &Layout, app: &AppName, report: &mut Report) -> Outcome {
    let (scope, file) = (Scope::from(app), layout.app(app).join(FILE));
    let Some(text) = old_file::read(&file)? else { return Ok(()) };
    let lines = text.lines().map(|line| line.trim().trim_start_matches("-v ").trim());
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let _registry = storage_entries::locked(layout)?;
    let _mounts = attachments::locked(layout, app)?;
    let _options = properties::locked(layout, options::PLUGIN, &scope)?;
    let mut unknown = Vec::new();
    for line in &lines {
        if let Ok(mount) = line.parse::<ColonMount>() {
            let found = Found { option: String::new(), mount, phases: vec![DEPLOY, RUN] };
            take_over(layout, app, &found).map_err(|fault| of_app(app, &fault))?;
        } else if line.starts_with('/') && !line.contains(':') {
            let option = docker_args::join_words(&["-v".to_owned(), (*line).to_owned()]);
            for (key, _) in OPTIONS {
                let mut all = properties::list(layout, options::PLUGIN, &scope, key)?;
                if !all.contains(&option) {
                    all.push(option.clone());
                    all.sort_unstable();
                    properties::set_list(layout, options::PLUGIN, &scope, key, &all)?;
                }
            }
        } else {
            unknown.push(*line);
        }
    }
    let count = lines.len() - unknown.len();
    report.taken(&scope, format!("mounts of {FILE}: {count}"))?;
    if !unknown.is_empty() {
        return report.set_aside(&scope, &file, &format!("has what is no mount ({})", unknown.join(", ")));
    }
    files::remove(&file).map(drop)
}

fn of_app(app: &AppName, fault: &Fault) -> Fault {
    Fault::new(format!("storage migration failed for app {:?}: {fault}", app.as_str()))
}

/// An early 0.38 kept the mark as a file.
fn take_old_mark(layout: &Layout, app: &AppName) -> Outcome {
    let file = layout.storage_migrations().join(app.as_str());
    if files::is_file(&file) {
        properties::set(layout, PLUGIN, &app.into(), MIGRATED, "true")?;
        files::remove(&file)?;
    }
    Ok(())
}

fn stored(layout: &Layout, app: &AppName) -> Outcome<Vec<(&'static str, Vec<String>)>> {
    let scope = Scope::from(app);
    let read = |(key, phase)| Ok((phase, properties::list(layout, options::PLUGIN, &scope, key)?));
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

fn take_over(layout: &Layout, app: &AppName, found: &Found) -> Outcome {
    let entry = Entry::of_mount(&found.mount)?;
    match storage_entries::find(layout, &entry.name)? {
        None => storage_entries::save(layout, &entry)?,
        Some(old) if old.host_path == entry.host_path && old.scheduler == entry.scheduler => {}
        Some(old) => {
            return Err(Fault::new(format!(
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
        if found.phases.contains(&phase) && !found.option.is_empty() {
            let mut kept = properties::list(layout, options::PLUGIN, &scope, key)?;
            kept.retain(|option| *option != found.option);
            properties::set_list(layout, options::PLUGIN, &scope, key, &kept)?;
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

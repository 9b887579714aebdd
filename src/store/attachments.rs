//! What an app mounts, and where: a line of JSON each (contract: layout.md section 5, `storage/<app>/mounts`).

use serde::{Deserialize, Serialize};

use super::{Layout, properties};
use crate::model::{AppName, Context, Fault, Outcome, Scope};
use crate::platform::lock::Lock;

const PLUGIN: &str = "storage";
const KEY: &str = "mounts";

/// Stands for all process types.
pub const ALL: &str = "_default_";

/// The app's containers.
pub const DEPLOY: &str = "deploy";

/// One-off containers.
pub const RUN: &str = "run";

/// One mount. An empty text is a value that was never set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Attachment {
    /// What is mounted.
    pub entry_name: String,
    /// Where, in the container.
    pub container_path: String,
    /// In which containers: `deploy`, `run`.
    pub phases: Vec<String>,
    /// Of which process type; `_default_` is all.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub process_type: String,
    /// Only this folder in it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subpath: String,
    /// The container may only read.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub readonly: bool,
    /// Options of the mount, with commas.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub volume_options: String,
    /// Whom it is to belong to.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub volume_chown: String,
}

impl Attachment {
    /// Refuses what cannot be mounted.
    ///
    /// # Errors
    /// A path that is relative or leads out, a phase that is none.
    pub fn check(&self) -> Outcome {
        if !self.container_path.starts_with('/') {
            let path = &self.container_path;
            return Err(Fault::new(format!("attachment container path {path:?} must be absolute")));
        }
        if self.phases.is_empty() {
            return Err(Fault::new("attachment must specify at least one phase"));
        }
        if let Some(phase) = self.phases.iter().find(|phase| *phase != DEPLOY && *phase != RUN) {
            return Err(Fault::new(format!(
                "attachment phase {phase:?} is not supported (must be {DEPLOY:?} or {RUN:?})"
            )));
        }
        let leads_out = self.subpath.starts_with('/') || self.subpath.split('/').any(|part| part == "..");
        if leads_out {
            let path = &self.subpath;
            return Err(Fault::new(format!(
                "attachment subpath {path:?} must be a path below the entry's own"
            )));
        }
        Ok(())
    }

    /// True when both are the same mount, whatever its options.
    pub fn is_same(&self, other: &Attachment) -> bool {
        self.entry_name == other.entry_name
            && self.container_path == other.container_path
            && self.process_type == other.process_type
    }

    /// Whether containers of this process type have it; those of none have what all have.
    pub fn is_for(&self, process_type: Option<&str>) -> bool {
        self.process_type.is_empty()
            || self.process_type == ALL
            || process_type == Some(self.process_type.as_str())
    }

    /// The mount options as `-v` takes them, `ro` first; nothing for none.
    pub fn options(&self) -> String {
        match (self.readonly, self.volume_options.as_str()) {
            (true, "") => "ro".to_owned(),
            (true, options) => format!("ro,{options}"),
            (false, options) => options.to_owned(),
        }
    }
}

/// All mounts of an app, in the order in which they were made.
///
/// # Errors
/// When they cannot be read.
pub fn of(layout: &Layout, app: &AppName) -> Outcome<Vec<Attachment>> {
    let lines = properties::list(layout, PLUGIN, &Scope::from(app), KEY)?;
    let lines = lines.iter().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| {
            serde_json::from_str(line)
                .context(|| format!("unable to parse storage attachment for {:?}", app.as_str()))
        })
        .collect()
}

/// The mounts of an app in a phase, by entry and path; without a phase those of deploys.
///
/// # Errors
/// When they cannot be read.
pub fn in_phase(layout: &Layout, app: &AppName, phase: &str) -> Outcome<Vec<Attachment>> {
    let phase = if phase.is_empty() { DEPLOY } else { phase };
    let mut found = of(layout, app)?;
    found.retain(|one| one.phases.iter().any(|other| other == phase));
    found.sort_by(|one, other| {
        (&one.entry_name, &one.container_path).cmp(&(&other.entry_name, &other.container_path))
    });
    Ok(found)
}

/// The apps out of these that mount an entry.
///
/// # Errors
/// When their mounts cannot be read.
pub fn users(layout: &Layout, apps: &[AppName], entry: &str) -> Outcome<Vec<String>> {
    let mut using = Vec::new();
    for app in apps {
        if of(layout, app)?.iter().any(|one| one.entry_name == entry) {
            using.push(app.to_string());
        }
    }
    using.sort_unstable();
    Ok(using)
}

/// Holds the lock of an app's mounts: for each read that a write depends on.
///
/// # Errors
/// When the lock file cannot be made.
pub fn locked(layout: &Layout, app: &AppName) -> Outcome<Lock> {
    properties::locked(layout, PLUGIN, &Scope::from(app))
}

/// Writes all mounts of an app down.
///
/// # Errors
/// When they cannot be written.
pub fn save(layout: &Layout, app: &AppName, attachments: &[Attachment]) -> Outcome {
    let line = |one: &Attachment| serde_json::to_string(one).context(|| "a mount is always JSON");
    let lines: Vec<String> = attachments.iter().map(line).collect::<Outcome<_>>()?;
    properties::set_list(layout, PLUGIN, &Scope::from(app), KEY, &lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mount(entry: &str, path: &str) -> Attachment {
        Attachment {
            entry_name: entry.to_owned(),
            container_path: path.to_owned(),
            phases: vec![DEPLOY.to_owned()],
            process_type: ALL.to_owned(),
            ..Attachment::default()
        }
    }

    #[test]
    fn what_cannot_be_mounted_is_refused() {
        assert!(mount("data", "/data").check().is_ok());
        for (one, text) in [
            (mount("data", "data"), "must be absolute"),
            (Attachment { phases: Vec::new(), ..mount("data", "/data") }, "at least one phase"),
            (Attachment { phases: vec!["build".into()], ..mount("data", "/data") }, "phase \"build\" is not"),
            (Attachment { subpath: "a/../../b".into(), ..mount("data", "/data") }, "below the entry's own"),
            (Attachment { subpath: "/b".into(), ..mount("data", "/data") }, "below the entry's own"),
        ] {
            assert!(one.check().expect_err("refused").message.contains(text));
        }
    }

    #[test]
    fn a_mount_of_one_process_type_is_no_other_ones() {
        let one = Attachment { process_type: "worker".to_owned(), ..mount("data", "/data") };
        assert!(one.is_for(Some("worker")) && !one.is_for(Some("web")) && !one.is_for(None));
        assert!(mount("data", "/data").is_for(None) && mount("data", "/data").is_for(Some("web")));
    }

    #[test]
    fn mounts_are_lines_of_json_that_leave_out_what_was_not_said() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::below(folder.path());
        let app: AppName = "shop".parse().expect("a name");
        save(&layout, &app, &[mount("b", "/b"), mount("a", "/a")]).expect("writable");
        let text = properties::get(&layout, PLUGIN, &Scope::from(&app), KEY).expect("readable");
        assert_eq!(
            text.expect("there").lines().next(),
            Some(
                r#"{"entry_name":"b","container_path":"/b","phases":["deploy"],"process_type":"_default_"}"#
            )
        );
        let names: Vec<String> =
            in_phase(&layout, &app, "").expect("readable").into_iter().map(|one| one.entry_name).collect();
        assert_eq!(names, ["a", "b"]);
        assert!(in_phase(&layout, &app, RUN).expect("readable").is_empty());
        assert_eq!(users(&layout, &[app], "a").expect("readable"), ["shop"]);
    }
}

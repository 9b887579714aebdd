//! Storage entries: what can be mounted, a JSON file each (contract: layout.md section 4, storage entry keys).

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Layout;
use crate::model::storage::{ChownOption, ColonMount, EntryName, directory_mode, is_volume_name};
use crate::model::{Context, Fault, Outcome};
use crate::platform::{digest, files, lock};

/// The scheduler that runs apps on this engine.
pub const DOCKER_LOCAL: &str = "docker-local";

/// The scheduler whose volumes are claims of a cluster.
pub const K3S: &str = "k3s";

/// The volume goes with its entry.
pub const DELETE: &str = "Delete";

/// The version of the file's form.
const SCHEMA: u32 = 1;

const ACCESS_MODES: [&str; 4] = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"];

/// Values by key.
pub type Map = BTreeMap<String, String>;

/// One entry. An empty text is a value that was never set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Whose volume it is: `docker-local` or `k3s`.
    pub scheduler: String,
    /// A folder of the host, or a volume of the engine.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub host_path: String,
    /// How large the claim is: `2Gi`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub size: String,
    /// How many may use the claim.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub access_mode: String,
    /// Of which kind the claim is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub storage_class: String,
    /// Where in the cluster the claim is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub namespace: String,
    /// Whom the folder belongs to, as it was typed.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub chown: String,
    /// The folder's permissions, four octal digits.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mode: String,
    /// `Retain` or `Delete`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reclaim_policy: String,
    /// For tools of the cluster.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub annotations: Map,
    /// For tools of the cluster.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub labels: Map,
    /// The version of the file's form.
    pub schema_version: u32,
}

impl Entry {
    /// The entry behind a mount in one word. Two apps that mount the same come to the same entry.
    ///
    /// # Errors
    /// Never for what people mount: SHA-1 knows texts that were made to collide.
    pub fn of_mount(mount: &ColonMount) -> Outcome<Self> {
        let is_folder = mount.source.starts_with('/');
        let named = if is_folder { mount.source.clone() } else { format!("vol:{}", mount.source) };
        Ok(Entry {
            name: EntryName::of_legacy(&digest::sha1(&named)?).to_string(),
            scheduler: DOCKER_LOCAL.to_owned(),
            host_path: mount.source.clone(),
            ..Entry::default()
        })
    }

    /// True when its host path is a folder rather than a volume of the engine.
    pub fn is_folder(&self) -> bool {
        self.host_path.starts_with('/')
    }

    /// True when its folder is the one that Dokku itself makes and looks after.
    pub fn is_in_default_place(&self, layout: &Layout) -> bool {
        self.host_path == default_path(layout, &self.name)
    }

    /// What it is called in lists of mounts: the host path, else the name.
    pub fn source(&self) -> &str {
        if self.host_path.is_empty() { &self.name } else { &self.host_path }
    }

    /// Refuses what does not go together.
    ///
    /// # Errors
    /// A value that its scheduler does not know, or one that is missing.
    pub fn check(&self, layout: &Layout) -> Outcome {
        let name = &self.name;
        if !["", "Retain", DELETE].contains(&self.reclaim_policy.as_str()) {
            let policy = &self.reclaim_policy;
            return Err(Fault::new(format!(
                "storage entry {name:?} has unsupported reclaim policy {policy:?}"
            )));
        }
        match self.scheduler.as_str() {
            DOCKER_LOCAL => self.check_of_docker_local(layout),
            K3S => self.check_of_k3s(),
            other => Err(Fault::new(format!(
                "storage entry {name:?} has unsupported scheduler {other:?} (supported: docker-local, k3s)"
            ))),
        }
    }

    fn check_of_docker_local(&self, layout: &Layout) -> Outcome {
        let (name, path) = (&self.name, &self.host_path);
        if path.is_empty() {
            return Err(Fault::new(format!("storage entry {name:?} (docker-local) is missing host_path")));
        }
        if !self.is_folder() && !is_volume_name(path) {
            return Err(Fault::new(format!(
                "storage entry {name:?} host_path must be an absolute path or a docker named volume token, \
                 got {path:?}"
            )));
        }
        for (value, flag) in [
            (&self.size, "--size"),
            (&self.storage_class, "--storage-class-name"),
            (&self.access_mode, "--access-mode"),
        ] {
            if !value.is_empty() {
                return Err(Fault::new(format!(
                    "storage entry {name:?} (docker-local) does not accept {flag}"
                )));
            }
        }
        directory_mode(&self.mode)?;
        if !self.chown.is_empty() {
            self.chown.parse::<ChownOption>()?;
        }
        if self.reclaim_policy == DELETE && !self.is_in_default_place(layout) {
            let place = default_path(layout, name);
            return Err(Fault::new(format!(
                "storage entry {name:?} (docker-local) only accepts --reclaim-policy Delete \
                 on the default host path ({place})"
            )));
        }
        Ok(())
    }

    fn check_of_k3s(&self) -> Outcome {
        let (name, path, access) = (&self.name, &self.host_path, &self.access_mode);
        if self.size.is_empty() {
            return Err(Fault::new(format!("storage entry {name:?} (k3s) requires --size")));
        }
        if !self.storage_class.is_empty() && !path.is_empty() {
            return Err(Fault::new(format!(
                "storage entry {name:?} (k3s) cannot set both --storage-class-name and a host path; \
                 the cluster provisions class-backed volumes"
            )));
        }
        if !access.is_empty() && !ACCESS_MODES.contains(&access.as_str()) {
            return Err(Fault::new(format!("storage entry {name:?} has unsupported access mode {access:?}")));
        }
        if !path.is_empty() && !self.is_folder() {
            return Err(Fault::new(format!(
                "storage entry {name:?} host_path must be absolute, got {path:?}"
            )));
        }
        if !self.mode.is_empty() {
            return Err(Fault::new(format!("storage entry {name:?} (k3s) does not accept --mode")));
        }
        Ok(())
    }
}

/// Where the folder of an entry is that was given no path, as it is written down: below DOKKU_LIB_ROOT.
pub fn default_path(layout: &Layout, name: &str) -> String {
    layout.storage_folders().join(name).display().to_string()
}

fn path(layout: &Layout, name: &str) -> PathBuf {
    layout.storage_entries().join(format!("{name}.json"))
}

/// The entry of this name, if there is one.
///
/// # Errors
/// When its file cannot be read.
pub fn find(layout: &Layout, name: &str) -> Outcome<Option<Entry>> {
    if !EntryName::may_be(name) {
        return Ok(None);
    }
    let Some(text) = files::read_text(&path(layout, name))? else { return Ok(None) };
    serde_json::from_str(&text).context(|| format!("unable to parse storage entry {name:?}")).map(Some)
}

/// The entry of this name.
///
/// # Errors
/// When there is none, or its file cannot be read.
pub fn require(layout: &Layout, name: &str) -> Outcome<Entry> {
    find(layout, name)?.ok_or_else(|| Fault::new(format!("storage entry {name:?} does not exist")))
}

/// All entries, by name.
///
/// # Errors
/// When a file cannot be read.
pub fn all(layout: &Layout) -> Outcome<Vec<Entry>> {
    let names = files::names(&layout.storage_entries())?;
    let mut entries = Vec::new();
    for name in names.iter().filter_map(|file| file.strip_suffix(".json")) {
        entries.extend(find(layout, name)?);
    }
    entries.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(entries)
}

/// Holds the lock of the registry: for each read that a write depends on.
///
/// # Errors
/// When the lock file cannot be made.
pub fn locked(layout: &Layout) -> Outcome<lock::Lock> {
    lock::Lock::take(&layout.data("locks").join("storage-entries.lock"))
}

/// Writes an entry down.
///
/// # Errors
/// When its file cannot be written.
pub fn save(layout: &Layout, entry: &Entry) -> Outcome {
    let entry = Entry { schema_version: entry.schema_version.max(SCHEMA), ..entry.clone() };
    let text = serde_json::to_string_pretty(&entry).context(|| "an entry is always JSON")?;
    files::write(&path(layout, &entry.name), text.as_bytes(), 0o600)
}

/// Forgets an entry; what it stood for stays.
///
/// # Errors
/// When its file cannot be removed.
pub fn forget(layout: &Layout, name: &str) -> Outcome {
    if EntryName::may_be(name) { files::remove(&path(layout, name)).map(drop) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn told(entry: &Entry) -> String {
        let layout = Layout::below(Path::new("/dokku"));
        entry.check(&layout).err().map(|fault| fault.message).unwrap_or_default()
    }

    #[test]
    fn what_a_scheduler_does_not_know_is_refused() {
        let local = Entry {
            name: "data".into(),
            scheduler: DOCKER_LOCAL.into(),
            host_path: "/dokku/lib/data/storage/data".into(),
            ..Entry::default()
        };
        assert_eq!(told(&local), "");
        assert_eq!(told(&Entry { reclaim_policy: DELETE.into(), ..local.clone() }), "");
        for (entry, text) in [
            (Entry { size: "1Gi".into(), ..local.clone() }, "does not accept --size"),
            (Entry { scheduler: "nomad".into(), ..local.clone() }, "unsupported scheduler \"nomad\""),
            (Entry { reclaim_policy: "Keep".into(), ..local.clone() }, "unsupported reclaim policy"),
            (Entry { host_path: "a/b".into(), ..local.clone() }, "must be an absolute path or a docker"),
            (
                Entry { host_path: "/srv".into(), reclaim_policy: DELETE.into(), ..local.clone() },
                "only accepts --reclaim-policy Delete on the default host path (/dokku/lib/data/storage/data)",
            ),
        ] {
            assert!(told(&entry).contains(text), "{}", told(&entry));
        }
        let claim = Entry { name: "c".into(), scheduler: K3S.into(), size: "1Gi".into(), ..Entry::default() };
        assert_eq!(told(&claim), "");
        for (entry, text) in [
            (Entry { size: String::new(), ..claim.clone() }, "requires --size"),
            (Entry { mode: "0755".into(), ..claim.clone() }, "does not accept --mode"),
            (Entry { access_mode: "Any".into(), ..claim.clone() }, "unsupported access mode"),
            (Entry { host_path: "vol".into(), ..claim.clone() }, "host_path must be absolute"),
            (
                Entry { host_path: "/x".into(), storage_class: "fast".into(), ..claim.clone() },
                "cannot set both --storage-class-name and a host path",
            ),
        ] {
            assert!(told(&entry).contains(text), "{}", told(&entry));
        }
    }

    #[test]
    fn entries_are_kept_by_name_and_no_name_leads_out() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::below(folder.path());
        for name in ["two", "one"] {
            let entry = Entry { name: name.into(), scheduler: K3S.into(), ..Entry::default() };
            save(&layout, &entry).expect("writable");
        }
        let names: Vec<String> = all(&layout).expect("readable").into_iter().map(|one| one.name).collect();
        assert_eq!(names, ["one", "two"]);
        files::write(&layout.storage_entries().join("../x.json"), b"{}", 0o600).expect("writable");
        assert_eq!(find(&layout, "../x").expect("readable"), None);
        forget(&layout, "one").expect("removable");
        assert!(require(&layout, "one").is_err() && require(&layout, "two").is_ok());
    }

    #[test]
    fn the_entry_behind_a_mount_bears_the_digest_of_its_source() {
        let name = |mount: &str| {
            let mount = mount.parse().expect("a mount");
            Entry::of_mount(&mount).expect("an entry").name
        };
        // sha1sum of "/tmp/mount" and "vol:data".
        assert_eq!(name("/tmp/mount:/a"), "legacy-fcb0b45f95");
        assert_eq!(name("/tmp/mount:/b:ro"), "legacy-fcb0b45f95");
        assert_eq!(name("data:/a"), "legacy-a587fb1a6f");
    }
}

//! What writes that were killed have left on the volume goes: in the folders whose files are written here, never among
//! what apps, plugins and people keep there, nor among the objects of repositories.

use crate::model::Outcome;
use crate::platform::leftovers::Sweep;

use super::{Layout, apps};

/// How many names one look reads at most: what a volume of some thousand apps has.
const AT_MOST: usize = 500_000;

/// The folders of an app's own folder in which files are written; its repository's are git's.
const OF_APP: [&str; 4] = ["", "tls", "nginx.conf.d", "hooks"];

/// Whose data is written here alone.
const DATA: [&str; 18] = [
    "app-json",
    "appliance",
    "apps",
    "builds",
    "certs",
    "config",
    "cron",
    "deploys",
    "locks",
    "logs",
    "network",
    "nginx-vhosts",
    "plugin",
    "ps",
    "queue",
    "releases",
    "scheduler-docker-local",
    "storage-registry",
];

/// How deep data stands below its name.
const DATA_LEVELS: usize = 3;

/// `PLUGIN/APP` below the property store.
const PROPERTY_LEVELS: usize = 2;

/// Removes it, and tells how many files that were. `now` is in seconds of the epoch. What cannot be read is passed over.
///
/// # Errors
/// When the apps cannot be listed.
pub fn sweep(layout: &Layout, now: i64) -> Outcome<usize> {
    let mut sweep = Sweep::begin(now, AT_MOST);
    let root = &layout.root;
    for folder in [root.clone(), root.join(".ssh"), root.join(".docker"), layout.lib.join("plugins")] {
        sweep.folder(&folder, 0);
    }
    for file in [layout.crontab(), layout.system_crontabs().join("any")] {
        if let Some(folder) = file.parent() {
            sweep.folder(folder, 0);
        }
    }
    for app in apps::all(layout)? {
        for folder in OF_APP {
            sweep.folder(&layout.app(&app).join(folder), 0);
        }
    }
    sweep.folder(&layout.config(), PROPERTY_LEVELS);
    for name in DATA {
        sweep.folder(&layout.data(name), DATA_LEVELS);
    }
    Ok(sweep.removed())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AppName, Scope};
    use crate::platform::files;
    use crate::platform::leftovers::OLD;
    use crate::store::properties;

    #[test]
    fn leftovers_go_from_where_we_write_and_from_nowhere_else() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::below(folder.path());
        let app: AppName = "shop".parse().expect("a name");
        properties::set(&layout, "nginx", &Scope::from(&app), "hsts", "true").expect("written");
        let own = [
            layout.root.clone(),
            layout.root.join(".ssh"),
            layout.app(&app),
            layout.tls(&app),
            layout.config().join("shop"),
            layout.properties("nginx", &Scope::from(&app)),
            layout.builds(&app),
            layout.app_data("releases", &app).join("values"),
            layout.app_data("ps", &app).join("history"),
            layout.storage_entries(),
            layout.crontab().parent().expect("a folder").to_owned(),
        ];
        let others = [
            layout.app(&app).join("objects/pack"),
            layout.storage_folders(),
            layout.storage_folders().join("uploads"),
            layout.lib.join("services/postgres/db"),
            layout.data("traefik"),
            layout.lib.join("plugins/available/postgres"),
        ];
        let left = |folder: &std::path::PathBuf| folder.join(".dokku-Abc012");
        for path in own.iter().chain(&others).map(left) {
            files::write(&path, b"half", 0o600).expect("written");
        }
        let written = files::modified_at(&left(&own[0])).expect("there");
        assert_eq!(sweep(&layout, written).expect("swept"), 0);
        assert_eq!(sweep(&layout, written + OLD + 60).expect("swept"), own.len());
        assert!(others.iter().all(|folder| files::exists(&left(folder))));
        assert_eq!(
            properties::get(&layout, "nginx", &Scope::from(&app), "hsts").expect("readable").as_deref(),
            Some("true")
        );
    }
}

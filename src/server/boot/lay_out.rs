//! Laying out the volume (contract: layout.md, section 9), so that one written by the official image
//! is used as it is, and one written here can go back to it.

use std::path::Path;

use tracing::info;

use crate::model::{Context, Fault, Outcome};
use crate::platform::random::Random;
use crate::platform::{accounts, files, user, volume};
use crate::store::{Layout, baked_plugins, plugins};

/// The form of the volume that this release writes. Migrations lead from one to the next.
const SCHEMA: u32 = 1;

/// Folders of the volume that belong to user dokku, with the path that leads to each.
const FOLDERS: &[(&str, &str)] = &[
    ("home/dokku", "home/dokku"),
    ("var/lib/dokku/config", "var/lib/dokku/config"),
    ("var/lib/dokku/data", "var/lib/dokku/data"),
    ("var/lib/dokku/services", "var/lib/dokku/services"),
    (PLUGINS, PLUGINS),
    ("var/log/dokku", "var/log/dokku"),
    ("var/log/nginx", "var/log/nginx"),
    ("var/spool/cron/crontabs", "var/spool/cron/crontabs"),
];

/// Where plugins are, in the image and on the volume.
const PLUGINS: &str = "var/lib/dokku/plugins";

/// What was found on the volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing: this is the first start.
    Empty,
    /// An installation, ours or the official image's.
    Used,
}

/// Where a volume is laid out.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The container's root folder, `/` but for tests.
    pub root: &'a Path,
    /// Where the volume is mounted.
    pub on: &'a Path,
    /// The user whose files these are.
    pub user_name: &'a str,
}

/// Probes the volume and lays it out.
///
/// # Errors
/// When the file system cannot be used, or holds what a newer release wrote.
pub fn lay_out(at: &Place<'_>, layout: &Layout, random: &dyn Random) -> Outcome<Found> {
    let Place { root, on, user_name: name } = *at;
    if !files::is_folder(on) {
        return Err(Fault::new(format!("there is no volume at {}", on.display()))
            .hint(format!("Start the container with -v dokku:{}", on.display())));
    }
    adopt_owner(root, on, name)?;
    volume::probe(on, user::is_root().then(|| user::lookup(name, name)).flatten())?;
    let schema = on.join("schema-version");
    check_schema(&schema)?;
    let found = if files::names(&on.join("home/dokku"))?.is_empty() { Found::Empty } else { Found::Used };
    files::set_owner(name, name);
    for (folder, _) in FOLDERS {
        let folder = on.join(folder);
        files::create_folders(&folder, 0o755)?;
        files::give_to_dokku(&folder)?;
    }
    adopt_plugins(root, on, layout)?;
    for (folder, link) in FOLDERS {
        let folder = on.join(folder);
        volume::replace_by_link(&root.join(link), &folder)?;
    }
    lay_out_logs(layout, name)?;
    plugins::link_core(layout)?;
    // Scripts write into it without making it first.
    files::create_folders(&layout.config().join("--global"), 0o755)?;
    // Root's own: sshd would not take keys from a folder of somebody else, on the way back; and what runs by the clock as
    // root is for root alone to write.
    for folder in ["etc/ssh", "etc/cron.d"] {
        let target = on.join(folder);
        files::create_folders_as_root(&target, 0o755)?;
        volume::replace_by_link(&root.join(folder), &target)?;
    }
    // What is put there by hand, as root, must be removable by commands, which are not root.
    for folder in [layout.storage_folders(), layout.storage_entries(), layout.storage_migrations()] {
        files::create_folders(&folder, 0o755)?;
    }
    // The lock file of the official image's ps:retire stands where an app of that name has its folder.
    let lock = layout.data("ps").join("retire");
    if files::exists(&lock) && !files::is_folder(&lock) {
        files::remove(&lock)?;
    }
    // The program that a key's line calls: OpenSSH needs it, on the way back.
    let program = layout.root.join(".sshcommand");
    if !files::exists(&program) {
        files::write(&program, b"/usr/bin/dokku\n", 0o644)?;
    }
    if !files::exists(&layout.owner()) {
        let mut id = [0; 8];
        random.fill(&mut id);
        let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
        files::write(&layout.owner(), format!("{id}\n").as_bytes(), 0o644)?;
    }
    if !files::exists(&schema) {
        files::write(&schema, format!("{SCHEMA}\n").as_bytes(), 0o644)?;
    }
    Ok(found)
}

/// The log of events, and the folder it stands in, are a log daemon's too, as Dokku lays them out
/// (contract: layout.md, section 8).
fn lay_out_logs(layout: &Layout, name: &str) -> Outcome {
    const DAEMON: &str = "syslog";
    let log = layout.events_log();
    if !files::exists(&log) {
        files::append(&log, "", 0o664)?;
    }
    files::share_with(&layout.logs, DAEMON, name, 0o775)?;
    files::share_with(&log, DAEMON, name, 0o664)
}

/// The image's plugins go to the volume, as long as the container has no link there yet.
fn adopt_plugins(root: &Path, on: &Path, layout: &Layout) -> Outcome {
    let baked = root.join(PLUGINS);
    if files::link_target(&baked).is_some() || !files::is_folder(&baked) {
        return Ok(());
    }
    let on_volume = Layout { lib: on.join("var/lib/dokku"), ..layout.clone() };
    for name in baked_plugins::adopt(&on_volume, &baked)? {
        info!(name, "a plugin of the image is on the volume now");
    }
    Ok(())
}

/// On a volume whose files belong to other numbers than the image's, the image's user takes those.
fn adopt_owner(root: &Path, on: &Path, name: &str) -> Outcome {
    let Some((uid, gid)) = volume::owner(&on.join("home/dokku")) else { return Ok(()) };
    if uid == 0 || gid == 0 || !user::is_root() || user::lookup(name, name) == Some((uid, gid)) {
        return Ok(());
    }
    accounts::set_ids(&root.join("etc"), name, uid, gid)
}

fn check_schema(path: &Path) -> Outcome {
    let Some(text) = files::read_text(path)? else { return Ok(()) };
    let version: u32 = text.trim().parse().context(|| format!("{} holds no number", path.display()))?;
    if version > SCHEMA {
        return Err(Fault::new(format!(
            "the volume was written by a newer release (schema {version}, this one knows {SCHEMA})"
        ))
        .hint("Run that release, or restore the snapshot it made before"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::random::SystemRandom;

    fn lay(folder: &Path) -> Outcome<Found> {
        files::create_folders(&folder.join("mnt"), 0o755)?;
        let layout = Layout {
            root: folder.join("home/dokku"),
            lib: folder.join("var/lib/dokku"),
            logs: folder.join("var/log/dokku"),
            run: folder.join("run"),
        };
        let on = folder.join("mnt");
        lay_out(&Place { root: folder, on: &on, user_name: "no-such-user" }, &layout, &SystemRandom)
    }

    #[test]
    fn an_empty_volume_is_laid_out_and_a_second_start_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(lay(folder.path()).unwrap(), Found::Empty);
        files::write(&folder.path().join("home/dokku/VHOST"), b"example.com\n", 0o644).unwrap();
        let owner = files::read_text(&folder.path().join("mnt/var/lib/dokku/data/appliance/owner")).unwrap();
        assert_eq!(owner.as_deref().map(|id| id.trim().len()), Some(16));
        assert_eq!(lay(folder.path()).unwrap(), Found::Used);
        assert_eq!(
            files::read_text(&folder.path().join("mnt/var/lib/dokku/data/appliance/owner")).unwrap(),
            owner
        );
        let kept = folder.path().join("mnt/home/dokku/VHOST");
        assert_eq!(files::read_text(&kept).unwrap().as_deref(), Some("example.com\n"));
        for link in ["var/lib/dokku/data", "var/lib/dokku/config/--global", "var/log/dokku", "etc/ssh"] {
            assert!(files::is_folder(&folder.path().join(link)), "{link}");
        }
    }

    #[test]
    fn core_plugins_are_linked_once_and_follow_the_image() {
        let folder = tempfile::tempdir().unwrap();
        let core = folder.path().join("var/lib/dokku/core-plugins/available");
        let plugins = folder.path().join("mnt/var/lib/dokku/plugins");
        let common = plugins.join("enabled/common/functions");
        files::write(&core.join("common/functions"), b"# shell\n", 0o644).unwrap();
        files::write(&core.join("old/plugin.toml"), b"", 0o644).unwrap();
        lay(folder.path()).unwrap();
        assert_eq!(files::read_text(&common).unwrap().as_deref(), Some("# shell\n"));

        // Disabled by the operator, another taken away by a release, a third installed under a core plugin's name.
        files::remove(&plugins.join("enabled/common")).unwrap();
        files::remove_folder(&core.join("old")).unwrap();
        files::write(&core.join("mine/plugin.toml"), b"core", 0o644).unwrap();
        files::write(&plugins.join("available/mine/plugin.toml"), b"own", 0o644).unwrap();
        lay(folder.path()).unwrap();
        assert!(!files::exists(&common));
        assert_eq!(files::names(&plugins.join("available")).unwrap(), ["common", "mine"]);
        assert_eq!(files::names(&plugins.join("enabled")).unwrap(), Vec::<String>::new());
        let mine = plugins.join("available/mine/plugin.toml");
        assert_eq!(files::read_text(&mine).unwrap().as_deref(), Some("own"));
    }

    #[test]
    fn a_volume_of_a_newer_release_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        files::write(&folder.path().join("mnt/schema-version"), b"99\n", 0o644).unwrap();
        assert!(lay(folder.path()).unwrap_err().message.contains("newer release"));
    }
}

//! Paths on the host, where the engine looks for what it mounts, and in here. The appliance sees of the host its own
//! volume alone; boot wrote down where that is (`DOKKU_LIB_HOST_ROOT`).

use std::path::{Path, PathBuf};

use super::Layout;
use crate::platform::env::Env;
use crate::platform::files;

/// Where DOKKU_LIB_ROOT is on the volume.
const LIB: &str = "var/lib/dokku";

/// Which path is which.
#[derive(Clone, Debug)]
pub struct HostPaths {
    lib: PathBuf,
    root: PathBuf,
    known: Option<Known>,
}

/// Where the host has what, once boot has found that out.
#[derive(Clone, Debug)]
struct Known {
    /// DOKKU_LIB_ROOT on the host.
    lib: PathBuf,
    /// The volume on the host and in here.
    volume: Option<(PathBuf, PathBuf)>,
}

impl HostPaths {
    /// As the environment says. Without a word of it both sides have the same paths.
    pub fn new(layout: &Layout, env: &Env) -> Self {
        let lib = env.get("DOKKU_LIB_HOST_ROOT").map(PathBuf::from).filter(|lib| lib.is_absolute());
        let known = lib.filter(|lib| *lib != layout.lib).map(|lib| {
            let on_host = lib.ends_with(LIB).then(|| lib.ancestors().nth(3)).flatten().map(Path::to_owned);
            // The folder itself is the image's; what it holds are links to the volume.
            let here = files::resolved(&layout.lib.join("data"))
                .filter(|data| data.ends_with(Path::new(LIB).join("data")))
                .and_then(|data| data.ancestors().nth(4).map(Path::to_owned));
            Known { volume: on_host.zip(here), lib }
        });
        HostPaths { lib: layout.lib.clone(), root: layout.root.clone(), known }
    }

    /// Where the host has what `path` means: the volume's own folders by their paths in here are found there, any other
    /// path is the host's own.
    pub fn on_host(&self, path: &str) -> String {
        let Some(known) = &self.known else { return path.to_owned() };
        let asked = Path::new(path);
        if !asked.is_absolute() || self.is_hosts_own(known, asked) {
            return path.to_owned();
        }
        let found = match &known.volume {
            Some((host, here)) => lead(asked).strip_prefix(here).ok().map(|rest| host.join(rest)),
            None => asked.strip_prefix(&self.lib).ok().map(|rest| known.lib.join(rest)),
        };
        found.map_or_else(|| path.to_owned(), |found| found.display().to_string())
    }

    /// Where a folder of the host can be seen in here; `None` for what cannot.
    pub fn here(&self, path: &str) -> Option<PathBuf> {
        let asked = Path::new(path);
        let Some(known) = &self.known else { return Some(asked.to_owned()) };
        if !self.is_hosts_own(known, asked) {
            return Some(asked.to_owned());
        }
        if let Some((host, here)) = &known.volume
            && let Ok(rest) = asked.strip_prefix(host)
        {
            return Some(here.join(rest));
        }
        asked.strip_prefix(&known.lib).ok().map(|rest| self.lib.join(rest))
    }

    /// True when the path is meant as the host has it. With the volume in `/var/lib/dokku` of the host both sides
    /// have paths that begin alike; then it is the host's if the volume has something there, as the engine made it
    /// for apps of the official image.
    fn is_hosts_own(&self, known: &Known, path: &Path) -> bool {
        let is_ours = path.starts_with(&self.lib) || path.starts_with(&self.root);
        if !is_ours || path.starts_with(&known.lib) {
            return true;
        }
        known.volume.as_ref().is_some_and(|(host, here)| {
            path.strip_prefix(host).is_ok_and(|rest| files::exists(&here.join(rest)))
        })
    }
}

/// Where a path leads, the part of it that is not there yet included.
fn lead(path: &Path) -> PathBuf {
    for folder in path.ancestors() {
        if let Some(found) = files::resolved(folder) {
            let rest = path.strip_prefix(folder).expect("an ancestor is a prefix");
            return if rest.as_os_str().is_empty() { found } else { found.join(rest) };
        }
    }
    path.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A container's `/var/lib/dokku` and `/home/dokku` with a volume behind.
    fn world(host: &str) -> (tempfile::TempDir, Layout, HostPaths) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let below = |path: &str| folder.path().join(path);
        for path in ["volume/var/lib/dokku/data/storage/shop", "volume/home/dokku", "var/lib/dokku", "home"] {
            files::create_folders(&below(path), 0o755).expect("a folder");
        }
        files::symlink(
            &below("volume/var/lib/dokku/data").display().to_string(),
            &below("var/lib/dokku/data"),
        )
        .expect("a link");
        files::symlink(&below("volume/home/dokku").display().to_string(), &below("home/dokku"))
            .expect("a link");
        let lib = below("var/lib/dokku");
        let layout = Layout { lib, root: below("home/dokku"), ..Layout::below(folder.path()) };
        let host = host.replace("$HERE", &folder.path().display().to_string());
        let env = [("DOKKU_LIB_HOST_ROOT", host.as_str())].into_iter().collect();
        let paths = HostPaths::new(&layout, &env);
        (folder, layout, paths)
    }

    #[test]
    fn what_lies_on_the_volume_is_found_on_the_host() {
        let (_folder, layout, paths) = world("/volumes/dokku/_data/var/lib/dokku");
        let storage = layout.storage_folders();
        let on_host = |path: &Path| paths.on_host(&path.display().to_string());
        assert_eq!(on_host(&storage.join("shop")), "/volumes/dokku/_data/var/lib/dokku/data/storage/shop");
        assert_eq!(
            on_host(&storage.join("new/er")),
            "/volumes/dokku/_data/var/lib/dokku/data/storage/new/er"
        );
        assert_eq!(on_host(&layout.root.join("shop")), "/volumes/dokku/_data/home/dokku/shop");
        for own in
            ["/srv/data", "volume", "/volumes/dokku/_data/var/lib/dokku/services/x", "/var/run/docker.sock"]
        {
            assert_eq!(paths.on_host(own), own);
        }
        // Not on the volume: what the image itself has there, the host does not.
        let plugins = layout.lib.join("plugins");
        assert_eq!(on_host(&plugins), plugins.display().to_string());
    }

    #[test]
    fn a_folder_of_the_volume_can_be_seen_here_and_others_cannot() {
        let (folder, layout, paths) = world("/volumes/dokku/_data/var/lib/dokku");
        let shop = layout.storage_folders().join("shop");
        assert_eq!(paths.here(&shop.display().to_string()), Some(shop));
        assert_eq!(
            paths.here("/volumes/dokku/_data/x"),
            Some(folder.path().canonicalize().expect("there").join("volume/x"))
        );
        assert_eq!(paths.here("/srv/data"), None);
    }

    #[test]
    fn where_paths_begin_alike_what_the_engine_made_on_the_host_stays_in_use() {
        let (folder, layout, paths) = world("$HERE/var/lib/dokku/var/lib/dokku");
        let shop = layout.storage_folders().join("shop").display().to_string();
        let host = folder.path().join("var/lib/dokku/var/lib/dokku/data/storage/shop");
        assert_eq!(paths.on_host(&shop), host.display().to_string());
        assert_eq!(paths.on_host(&host.display().to_string()), host.display().to_string());
        // The official image's engine took the path by the letter: below the host's own folder.
        files::create_folders(&folder.path().join("volume/data/storage/shop"), 0o755).expect("a folder");
        assert_eq!(paths.on_host(&shop), shop);
    }

    #[test]
    fn on_a_plain_host_both_are_the_same() {
        let layout = Layout::below(Path::new("/dokku"));
        let paths = HostPaths::new(&layout, &Env::default());
        assert_eq!(paths.on_host("/dokku/lib/data/storage/x"), "/dokku/lib/data/storage/x");
        assert_eq!(paths.here("/srv/x"), Some("/srv/x".into()));
    }
}

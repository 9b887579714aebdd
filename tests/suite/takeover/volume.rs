//! Puts a tree of `tests/fixtures/volumes` on a server's disk, and reads it back.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use dokku::store::Layout;

use crate::support::World;
use crate::support::sources::root;

/// A server on whose disk is what that release left.
pub fn of(release: &str) -> World {
    let world = World::new();
    plant(&world.layout, release);
    world
}

/// Files stand there as `== PATH [MODE|-] [no newline]` and their lines; below `home` and `lib`.
pub fn plant(layout: &Layout, release: &str) {
    let text =
        fs::read_to_string(root().join(format!("tests/fixtures/volumes/{release}.txt"))).expect("a tree");
    for file in text.split("== ").filter(|file| !file.is_empty()) {
        let (head, content) = file.split_once('\n').expect("a head");
        let mut words = head.split(' ');
        let path = place(layout, words.next().expect("a path"));
        let mode = words.next().and_then(|word| u32::from_str_radix(word, 8).ok()).unwrap_or(0o644);
        let content = if words.next().is_some() { content.trim_end_matches('\n') } else { content };
        fs::create_dir_all(path.parent().expect("in a folder")).expect("a folder");
        fs::write(&path, content).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("a mode");
    }
}

fn place(layout: &Layout, path: &str) -> PathBuf {
    match path.split_once('/').expect("below home or lib") {
        ("home", rest) => layout.root.join(rest),
        (_, rest) => layout.lib.join(rest),
    }
}

/// A file: its mode and what is in it.
pub type File = (u32, String);

/// All files, by paths that begin with `home/` or `lib/`. Locks are none: nothing is in them.
pub fn files(layout: &Layout) -> BTreeMap<String, File> {
    let mut found = BTreeMap::new();
    for (name, folder) in [("home", &layout.root), ("lib", &layout.lib)] {
        gather(folder, name, &mut found);
    }
    // Nor is what a killed write was about to put in place.
    found.retain(|path, _| !path.starts_with("lib/data/locks/") && !path.contains("/.dokku-"));
    found
}

fn gather(folder: &Path, name: &str, found: &mut BTreeMap<String, File>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("readable").path();
        let name = format!("{name}/{}", path.file_name().expect("a name").to_string_lossy());
        if path.is_dir() {
            gather(&path, &name, found);
        } else {
            let mode = fs::metadata(&path).expect("there").permissions().mode() & 0o777;
            found.insert(name, (mode, fs::read_to_string(&path).expect("text")));
        }
    }
}

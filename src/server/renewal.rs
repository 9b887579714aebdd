//! Plugins at a start: those that `plugin-list` asks for are installed, and in a container that is new all of them
//! get to put back what they keep outside of the volume: sudoers, cron.d and nginx files, programs.

use std::path::Path;
use std::time::Duration;

use tracing::{error, info, warn};

use super::upkeep::Commands;
use crate::model::Outcome;
use crate::platform::files;
use crate::store::{Layout, plugins};

/// How long until what failed is tried again, each time; then it is left to the next start.
pub const AGAIN: [Duration; 3] = [Duration::from_secs(10), Duration::from_secs(60), Duration::from_secs(600)];

/// What starts.
#[derive(Clone, Copy)]
pub struct Start<'a> {
    /// Where the volume is mounted.
    pub volume: &'a Path,
    /// Every path.
    pub layout: &'a Layout,
    /// The names of core plugins.
    pub core: &'a [String],
}

/// A line of `plugin-list`: a plugin that is to be there.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    name: String,
    /// The words behind its name: where it comes from, and options of `plugin:install`.
    words: Vec<String>,
}

/// Does what is to be done, and what failed once more after each pause. `first` is called when the first try is over,
/// however it went.
pub async fn renew(at: &Start<'_>, pauses: &[Duration], commands: &impl Commands, first: impl FnOnce()) {
    let mut first = Some(first);
    for pause in pauses {
        let outcome = renew_once(at, commands).await;
        if let Some(first) = first.take() {
            first();
        }
        match outcome {
            Ok(()) => return,
            Err(fault) => error!("{fault}; again in {} s", pause.as_secs()),
        }
        tokio::time::sleep(*pause).await;
    }
    let last = renew_once(at, commands).await;
    if let Some(first) = first {
        first();
    }
    if let Err(fault) = last {
        error!("{fault}; again at the next start, or by: dokku plugin:install");
    }
}

/// True when there is nothing to do: no plugin is to be installed, none is to put back what it keeps in the container.
pub fn is_renewed(volume: &Path, layout: &Layout) -> bool {
    let is_wanted = files::exists(&list(volume));
    let has_plugins = plugins::installed(layout).map_or(true, |found| found.iter().any(|one| one.is_enabled));
    !is_wanted && (!has_plugins || files::exists(&mark(layout)))
}

async fn renew_once(at: &Start<'_>, commands: &impl Commands) -> Outcome {
    let Start { volume, layout, core } = *at;
    let mut failed = None;
    let mut is_new = !files::exists(&mark(layout));
    for Wanted { name, words } in wanted(&files::read_text(&list(volume))?.unwrap_or_default()) {
        if core.contains(&name) || plugins::find(layout, &name)?.is_some() {
            info!("Skipping already installed plugin: {name}");
            continue;
        }
        let install = ["plugin:install", "--skip-install-trigger", "--name", &name].map(str::to_owned);
        match commands.run(install.into_iter().chain(words).collect()).await {
            Ok(()) => is_new = true,
            // The others are wanted all the same.
            Err(fault) => failed = Some(fault),
        }
    }
    if is_new && plugins::installed(layout)?.iter().any(|plugin| plugin.is_enabled) {
        // Programs first: what an `install` calls may be among them.
        if let Err(fault) =
            commands.run(["plugin:install-dependencies", "--keep-going"].map(str::to_owned).to_vec()).await
        {
            warn!("{fault}");
        }
        commands.run(["plugin:install", "--keep-going"].map(str::to_owned).to_vec()).await?;
    }
    failed.map_or(Ok(()), Err)?;
    files::write(&mark(layout), env!("CARGO_PKG_VERSION").as_bytes(), 0o644)
}

/// In the container's own file system: a new container has none, as it has none of those files.
fn mark(layout: &Layout) -> std::path::PathBuf {
    layout.run.join("plugins-renewed")
}

/// Contract: layout.md, section 9.
fn list(volume: &Path) -> std::path::PathBuf {
    volume.join("plugin-list")
}

fn wanted(text: &str) -> Vec<Wanted> {
    let line = |line: &str| {
        let (name, rest) = line.trim().split_once(':')?;
        let words: Vec<String> = rest.split_whitespace().map(str::to_owned).collect();
        let is_wanted = !name.starts_with('#') && !words.is_empty();
        is_wanted.then(|| Wanted { name: name.trim().to_owned(), words })
    };
    text.lines().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    /// Commands that are only noted; those that begin so fail.
    #[derive(Default)]
    struct Noted(Mutex<Vec<String>>, &'static str);

    impl Commands for Noted {
        async fn run(&self, words: Vec<String>) -> Outcome {
            let line = words.join(" ");
            let fails = !self.1.is_empty() && line.contains(self.1);
            self.0.lock().unwrap().push(line);
            if fails { Err(crate::model::Fault::new("no")) } else { Ok(()) }
        }
    }

    #[tokio::test]
    async fn what_the_list_asks_for_is_installed_and_a_new_container_renews_all() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::below(folder.path());
        files::write(&layout.plugins_available().join("redis/plugin.toml"), b"", 0o644).unwrap();
        plugins::enable(&layout, "redis").unwrap();
        let list = "# ours\n\nredis: https://example.com/redis\ntoys: https://example.com/toys.git --committish v1\napps: https://example.com/apps\n";
        files::write(&folder.path().join("plugin-list"), list.as_bytes(), 0o644).unwrap();
        let commands = Noted::default();
        let start = Start { volume: folder.path(), layout: &layout, core: &["apps".to_owned()] };
        for _ in 0..2 {
            renew(&start, &[], &commands, || ()).await;
        }
        let install =
            "plugin:install --skip-install-trigger --name toys https://example.com/toys.git --committish v1";
        // The second start is of the same container; toys is still not there, since nobody really installed it.
        let once = [install, "plugin:install-dependencies --keep-going", "plugin:install --keep-going"];
        assert_eq!(*commands.0.lock().unwrap(), [once, once].concat());

        files::remove(&folder.path().join("plugin-list")).unwrap();
        assert!(is_renewed(folder.path(), &layout));
        files::remove(&mark(&layout)).unwrap();
        assert!(!is_renewed(folder.path(), &layout));
    }

    #[tokio::test]
    async fn what_failed_is_tried_again_and_does_not_keep_others_out() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::below(folder.path());
        files::write(&folder.path().join("plugin-list"), b"a: git://x/a\nb: git://x/b\n", 0o644).unwrap();
        let commands = Noted(Mutex::default(), "git://x/a");
        let start = Start { volume: folder.path(), layout: &layout, core: &[] };
        let first = std::cell::Cell::new(0);
        renew(&start, &[Duration::ZERO; 3], &commands, || first.set(first.get() + 1)).await;
        assert_eq!(first.get(), 1);
        let told = commands.0.lock().unwrap();
        assert_eq!(told.len(), 8, "{told:?}");
        assert!(!files::exists(&mark(&layout)));
    }
}

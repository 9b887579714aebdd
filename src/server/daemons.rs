//! Daemons of plugins: started with the server, started again when they end, stopped with it or with their plugin.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tracing::{info, warn};

use crate::model::Outcome;
use crate::platform::env::{Env, command_program};
use crate::platform::files;
use crate::platform::kept_program::KeptProgram;
use crate::store::{Layout, plugin_settings, plugins};

/// How long a daemon may take to end that was asked to.
const PATIENCE: Duration = Duration::from_secs(2);

/// The longest pause before a new start.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// A daemon that ran this long is well: its next end is answered at once again.
const WELL_AFTER: Duration = Duration::from_secs(10);

/// All daemons of plugins.
#[derive(Debug)]
pub struct Daemons {
    layout: Layout,
    /// The program by which each is started, and its environment: ours.
    program: PathBuf,
    env: Env,
    kept: Mutex<BTreeMap<String, Kept>>,
}

#[derive(Debug)]
struct Kept {
    /// What it was started from: another is another daemon.
    edition: String,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Daemons {
    /// None yet.
    pub fn new(layout: Layout, env: Env) -> Arc<Self> {
        Self::by(command_program(), layout, env)
    }

    /// The same, started by that program in place of this one.
    pub fn by(program: PathBuf, layout: Layout, env: Env) -> Arc<Self> {
        Arc::new(Daemons { layout, program, env, kept: Mutex::default() })
    }

    /// Starts those that are enabled and do not run, stops those that are not, starts anew those whose plugin changed.
    ///
    /// # Errors
    /// When the plugins cannot be read. All that runs goes on then.
    pub async fn adjust(self: &Arc<Self>) -> Outcome {
        let wanted = self.wanted()?;
        let mut gone = Vec::new();
        {
            let mut kept = self.kept();
            let names: Vec<String> = kept.keys().cloned().collect();
            for name in names {
                if kept.get(&name).map(|one| &one.edition) != wanted.get(&name) {
                    gone.extend(kept.remove(&name));
                }
            }
        }
        end(gone).await;
        files::create_folders(&self.layout.plugin_sockets(), 0o755)?;
        files::give_to_dokku(&self.layout.plugin_sockets())?;
        let mut kept = self.kept();
        for (name, edition) in wanted {
            kept.entry(name).or_insert_with_key(|name| self.keep(name, edition));
        }
        Ok(())
    }

    /// Stops all.
    pub async fn stop(&self) {
        let all: Vec<Kept> = std::mem::take(&mut *self.kept()).into_values().collect();
        end(all).await;
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Each plugin that is to have a daemon, and what it is started from.
    fn wanted(&self) -> Outcome<BTreeMap<String, String>> {
        let mut wanted = BTreeMap::new();
        for plugin in plugins::installed(&self.layout)?.into_iter().filter(|plugin| plugin.is_enabled) {
            // What cannot be read has none; plugin:check tells.
            let Some(daemon) = plugin.manifest().unwrap_or_default().plugin.daemon else { continue };
            let changed = files::modified_at(&plugin.folder.join(&daemon.program));
            let chosen = plugin_settings::chosen(&self.layout, &plugin.name).unwrap_or_default();
            wanted.insert(plugin.name, format!("{daemon:?} {changed:?} {chosen:?}"));
        }
        Ok(wanted)
    }

    fn keep(self: &Arc<Self>, name: &str, edition: String) -> Kept {
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(Arc::clone(self).attend(name.to_owned(), stopped));
        Kept { edition, stop, task }
    }

    async fn attend(self: Arc<Self>, name: String, mut stopped: oneshot::Receiver<()>) {
        let mut pause = Duration::ZERO;
        loop {
            let begun = Instant::now();
            let why = match self.start(&name) {
                Ok(mut program) => {
                    info!("daemon of plugin {name} started");
                    let ended = tokio::select! {
                        ended = program.wait() => Some(ended),
                        _ = &mut stopped => None,
                    };
                    match ended {
                        Some(ended) => ended,
                        None => {
                            program.stop(PATIENCE).await;
                            info!("daemon of plugin {name} stopped");
                            return;
                        }
                    }
                }
                Err(fault) => fault.to_string(),
            };
            if begun.elapsed() >= WELL_AFTER {
                pause = Duration::ZERO;
            }
            warn!("daemon of plugin {name} ended ({why}): again in {} s", pause.as_secs());
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = &mut stopped => return,
            }
            pause = longer(pause);
        }
    }

    /// As a command of its own, which becomes the daemon: so it is user dokku's, with the environment of a command.
    fn start(&self, name: &str) -> Outcome<KeptProgram> {
        let words = ["plugin:daemon".to_owned(), name.to_owned()];
        KeptProgram::start(&self.program, &words, &self.env, &self.layout.plugin_daemon_mark(name))
    }
}

/// The first time it is started anew at once, then after 1, 2, 4 … seconds.
fn longer(pause: Duration) -> Duration {
    if pause.is_zero() { Duration::from_secs(1) } else { (pause * 2).min(LONGEST_PAUSE) }
}

async fn end(all: Vec<Kept>) {
    let mut tasks = Vec::new();
    for kept in all {
        // One that has just ended by itself hears nothing.
        let _ = kept.stop.send(());
        tasks.push(kept.task);
    }
    for task in tasks {
        let _ = task.await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_minute() {
        let pauses = std::iter::successors(Some(Duration::ZERO), |pause| Some(longer(*pause)));
        let seconds: Vec<u64> = pauses.take(9).map(|pause| pause.as_secs()).collect();
        assert_eq!(seconds, [0, 1, 2, 4, 8, 16, 32, 60, 60]);
    }
}

//! Files taken out of an app's source: the one of the running release, and the candidate of the deploy in
//! progress, which takes its place when the deploy succeeds (contract: layout.md section 4.1).
//!
//! The candidate is named after the deploy's pid, `Procfile.4711`; that the source has none is written down as
//! `Procfile.4711.missing`. Plugins look for these names.

use std::path::PathBuf;

use super::Layout;
use crate::model::{AppName, Outcome};
use crate::platform::{files, process};

const MODE: u32 = 0o644;

/// A file that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extracted {
    /// `app.json`.
    AppJson,
    /// The list of process types.
    Procfile,
    /// `nginx.conf.sigil`.
    NginxTemplate,
    /// The old form of checks.
    Checks,
}

impl Extracted {
    /// All of them.
    pub const ALL: [Extracted; 4] =
        [Extracted::AppJson, Extracted::Procfile, Extracted::NginxTemplate, Extracted::Checks];

    /// What it is called in an app's code, unless a property says otherwise.
    pub fn name(self) -> &'static str {
        match self {
            Extracted::AppJson => "app.json",
            Extracted::Procfile => "Procfile",
            Extracted::NginxTemplate => "nginx.conf.sigil",
            Extracted::Checks => "CHECKS",
        }
    }

    /// Puts down the file of a release that runs already, as found in its image.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn adopt(self, layout: &Layout, app: &AppName, text: &[u8]) -> Outcome {
        files::write(&self.path(layout, app), text, MODE)
    }

    /// Where the one of the running release stands.
    pub fn path(self, layout: &Layout, app: &AppName) -> PathBuf {
        match self {
            Extracted::AppJson => layout.app_data("app-json", app).join("app.json"),
            Extracted::Procfile => layout.app_data("ps", app).join("Procfile"),
            Extracted::NginxTemplate => {
                layout.data("nginx-vhosts").join(format!("app-{app}")).join("nginx.conf.sigil")
            }
            Extracted::Checks => layout.app_data("scheduler-docker-local", app).join("CHECKS"),
        }
    }

    fn candidate(self, layout: &Layout, app: &AppName, pid: &str) -> PathBuf {
        self.path(layout, app).with_added_extension(pid)
    }

    fn missing(self, layout: &Layout, app: &AppName, pid: &str) -> PathBuf {
        self.candidate(layout, app, pid).with_added_extension("missing")
    }

    /// The text that holds for this deploy: its candidate if it has one, nothing if the source has none, else that
    /// of the running release. `pid` is DOKKU_PID, whatever process asks.
    ///
    /// # Errors
    /// When a file is there and cannot be read.
    pub fn read(self, layout: &Layout, app: &AppName, pid: &str) -> Outcome<Option<String>> {
        Ok(match self.file(layout, app, pid) {
            Some(path) => files::read_text(&path)?,
            None => None,
        })
    }

    /// The file behind [`Extracted::read`].
    pub fn file(self, layout: &Layout, app: &AppName, pid: &str) -> Option<PathBuf> {
        let candidate = self.candidate(layout, app, pid);
        if files::exists(&self.missing(layout, app, pid)) {
            return None;
        }
        [candidate, self.path(layout, app)].into_iter().find(|path| files::exists(path))
    }

    /// Writes down what the source of the deploy in progress has: a text, or none.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn put(self, layout: &Layout, app: &AppName, pid: &str, text: Option<&[u8]>) -> Outcome {
        let (candidate, missing) = (self.candidate(layout, app, pid), self.missing(layout, app, pid));
        match text {
            Some(text) => {
                files::write(&candidate, text, MODE)?;
                files::remove(&missing).map(drop)
            }
            None => {
                files::write(&missing, b"", MODE)?;
                files::remove(&candidate).map(drop)
            }
        }
    }

    /// Makes the candidate that of the running release. Without a candidate nothing changes.
    ///
    /// # Errors
    /// When a file cannot be renamed or removed.
    pub fn promote(self, layout: &Layout, app: &AppName, pid: &str) -> Outcome {
        let (candidate, missing) = (self.candidate(layout, app, pid), self.missing(layout, app, pid));
        if files::exists(&candidate) {
            files::rename(&candidate, &self.path(layout, app))
        } else if files::exists(&missing) {
            files::remove(&self.path(layout, app))?;
            files::remove(&missing).map(drop)
        } else {
            Ok(())
        }
    }

    /// Forgets the candidate of a deploy that failed.
    ///
    /// # Errors
    /// When a file cannot be removed.
    pub fn discard(self, layout: &Layout, app: &AppName, pid: &str) -> Outcome {
        files::remove(&self.missing(layout, app, pid))?;
        files::remove(&self.candidate(layout, app, pid)).map(drop)
    }

    /// Forgets candidates whose process is gone: what a killed deploy left.
    ///
    /// # Errors
    /// When the folder cannot be read or a file not removed.
    pub fn sweep(self, layout: &Layout, app: &AppName) -> Outcome {
        let path = self.path(layout, app);
        let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str()))
        else {
            return Ok(());
        };
        for found in files::names(folder)? {
            let Some(suffix) = found.strip_prefix(name).and_then(|rest| rest.strip_prefix('.')) else {
                continue;
            };
            let pid = suffix.strip_suffix(".missing").unwrap_or(suffix);
            if pid.parse().is_ok_and(|pid| !process::is_alive(pid)) {
                files::remove(&folder.join(&found))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PID: &str = "4194305";

    fn world() -> (tempfile::TempDir, Layout, AppName) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::below(folder.path());
        (folder, layout, "hello".parse().expect("a name"))
    }

    fn seen(layout: &Layout, app: &AppName, pid: &str) -> Option<String> {
        Extracted::Procfile.read(layout, app, pid).expect("readable")
    }

    #[test]
    fn a_candidate_holds_for_its_own_deploy_until_it_is_promoted() {
        let (_folder, layout, app) = world();
        let file = Extracted::Procfile;
        file.put(&layout, &app, PID, Some(b"web: one")).expect("writable");
        assert_eq!(seen(&layout, &app, PID).as_deref(), Some("web: one"));
        assert_eq!(seen(&layout, &app, "1"), None);
        file.promote(&layout, &app, PID).expect("promoted");
        assert_eq!(seen(&layout, &app, "1").as_deref(), Some("web: one"));

        file.put(&layout, &app, PID, None).expect("writable");
        assert_eq!(seen(&layout, &app, PID), None);
        assert_eq!(seen(&layout, &app, "1").as_deref(), Some("web: one"));
        file.discard(&layout, &app, PID).expect("removable");
        assert_eq!(seen(&layout, &app, PID).as_deref(), Some("web: one"));

        file.put(&layout, &app, PID, None).expect("writable");
        file.promote(&layout, &app, PID).expect("promoted");
        assert_eq!(seen(&layout, &app, "1"), None);
        file.promote(&layout, &app, PID).expect("nothing to promote");
    }

    #[test]
    fn what_a_killed_deploy_left_is_swept() {
        let (_folder, layout, app) = world();
        let file = Extracted::Procfile;
        let own = process::own_pid().to_string();
        file.put(&layout, &app, PID, Some(b"web: dead")).expect("writable");
        file.put(&layout, &app, "4194306", None).expect("writable");
        file.put(&layout, &app, &own, Some(b"web: alive")).expect("writable");
        file.sweep(&layout, &app).expect("swept");
        let left = files::names(&layout.app_data("ps", &app)).expect("readable");
        assert_eq!(left, [format!("Procfile.{own}")]);
    }
}

//! A proxy that remembers what it was asked for, and refuses what a test tells it to.

use std::path::Path;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use dokku::model::{AppName, Fault, Outcome};
use dokku::platform::proxy::{Proxy, Refused};

/// A proxy of a test. Clones share what they remember.
#[derive(Clone, Default)]
pub struct FakeProxy(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    asked: Vec<String>,
    refuses: Option<String>,
}

impl FakeProxy {
    /// What was asked since the last look.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().expect("no test panics here").asked)
    }

    /// Has every configuration refused from now on, with these words of nginx.
    pub fn refuse(&self, why: &str) {
        self.0.lock().expect("no test panics here").refuses = Some(why.to_owned());
    }

    fn note(&self, what: impl Into<String>) {
        self.0.lock().expect("no test panics here").asked.push(what.into());
    }

    fn refused(&self) -> Option<String> {
        self.0.lock().expect("no test panics here").refuses.clone()
    }
}

#[async_trait]
impl Proxy for FakeProxy {
    async fn apply(&self, _: &Path, app: &AppName) -> Outcome {
        self.note(format!("apply {app}"));
        match self.refused() {
            Some(why) => Err(Fault::new(format!("nginx refuses the configuration of {app}: {why}"))),
            None => Ok(()),
        }
    }

    async fn note(&self, _: &Path, app: &AppName) -> Outcome {
        self.note(format!("note {app}"));
        Ok(())
    }

    async fn reload(&self, _: &Path) -> Outcome<Vec<Refused>> {
        self.note("reload");
        Ok(Vec::new())
    }

    async fn test(&self, _: &Path, apps: &[AppName]) -> Outcome<Vec<Refused>> {
        self.note("test");
        let Some(why) = self.refused() else { return Ok(Vec::new()) };
        Ok(apps.iter().map(|app| Refused { app: app.to_string(), why: why.clone() }).collect())
    }

    async fn check(&self, _: &Path, app: &AppName, _: &str) -> Outcome<Option<String>> {
        self.note(format!("check {app}"));
        Ok(self.refused())
    }

    async fn start(&self, _: &Path) -> Outcome {
        self.note("start");
        Ok(())
    }

    async fn stop(&self, _: &Path) -> Outcome {
        self.note("stop");
        Ok(())
    }

    fn has_ipv6(&self) -> bool {
        true
    }
}

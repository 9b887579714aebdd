//! What a command is given: who runs it, where it prints, what it may touch.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::bus::Bus;
use super::call::Input;
use super::caller::Caller;
use super::failure::{Failure, Result};
use super::flags::Flags;
use super::json;
use super::output::{Out, Sink};
use super::trigger::Trigger;
use crate::model::AppName;
use crate::platform::Platform;
use crate::platform::env::Env;
use crate::platform::source::{FolderSource, Source};
use crate::store::{Layout, Store, apps};

/// What a command is given. Cheap to clone; nothing in it is opened or connected before it is used.
#[derive(Clone)]
pub struct Ctx {
    /// Who runs it.
    pub caller: Arc<Caller>,
    /// Where it prints.
    pub out: Out,
    /// The global flags.
    pub flags: Arc<Flags>,
    /// What is remembered.
    pub store: Store,
    /// The outside world.
    pub platform: Platform,
    /// The apps the caller may see, where a plugin has an opinion; else all.
    pub visible_apps: Option<Arc<BTreeSet<AppName>>>,
    /// Whoever listens to triggers.
    pub bus: Bus,
    /// The environment that programs we start are given, exports to plugins included.
    pub env: Arc<Env>,
    /// False where standard input speaks a protocol: plugins then read nothing.
    pub has_input: bool,
    /// The folder that plugins are started in; this process's own without one.
    pub folder: Option<PathBuf>,
    /// The code that is being deployed, while one is.
    pub source: Option<Arc<dyn Source>>,
}

impl Ctx {
    /// Every path.
    pub fn layout(&self) -> &Layout {
        &self.store.layout
    }

    /// The code that a trigger is about: what is being deployed, else what stands in the folder that the trigger
    /// names, as when a plugin fires it by hand.
    pub fn code(&self, work_dir: &str) -> Option<Arc<dyn Source>> {
        let in_folder = || -> Option<Arc<dyn Source>> {
            let folder = Path::new(work_dir);
            if folder.is_absolute() { Some(Arc::new(FolderSource::new(folder))) } else { None }
        };
        self.source.clone().or_else(in_folder)
    }

    /// Fires a trigger and returns what its listeners answered together.
    ///
    /// # Errors
    /// The first listener's that fails; those after it are not asked.
    pub async fn fire<T: Trigger>(&self, trigger: T) -> Result<T::Output> {
        self.bus.fire(self, &trigger).await
    }

    /// Fires a trigger whose listeners find this value on standard input, as JSON.
    ///
    /// # Errors
    /// The first listener's that fails; those after it are not asked.
    pub async fn fire_with<T: Trigger>(
        &self,
        trigger: T,
        value: &impl serde::Serialize,
    ) -> Result<T::Output> {
        let input = Input::Bytes(json::compact(value).into_bytes());
        self.bus.fire_with(self, &trigger, &input).await
    }

    /// Fires a trigger that another has replaced, if a plugin still listens to it, and says so.
    ///
    /// # Errors
    /// The first listener's that fails.
    pub async fn fire_deprecated<T: Trigger<Output = ()>>(&self, trigger: T, instead: &str) -> Result {
        if self.bus.externals(self.layout(), T::NAME)?.is_empty() {
            return Ok(());
        }
        let name = T::NAME;
        self.out.warn(format!(
            "Deprecated: please upgrade plugin to use '{instead}' plugin trigger instead of {name}"
        ));
        self.fire(trigger).await
    }

    /// Fails unless the app is there (and the caller may see it).
    ///
    /// # Errors
    /// `App NAME does not exist`, exit status 20.
    pub fn require_app(&self, app: &AppName) -> Result {
        let is_visible = self.visible_apps.as_ref().is_none_or(|visible| visible.contains(app));
        if is_visible && apps::exists(self.layout(), app) { Ok(()) } else { Err(Failure::no_such_app(app)) }
    }

    /// All apps that the caller may see, sorted by bytes.
    ///
    /// # Errors
    /// When the root folder cannot be read.
    pub fn apps(&self) -> Result<Vec<AppName>> {
        let mut all = apps::all(self.layout())?;
        if let Some(visible) = &self.visible_apps {
            all.retain(|app| visible.contains(app));
        }
        Ok(all)
    }

    /// The same, printing elsewhere.
    #[must_use]
    pub fn printing_to(&self, sink: Arc<dyn Sink>) -> Self {
        Ctx { out: self.out.redirected(sink), ..self.clone() }
    }

    /// The same, with nothing to read for plugins.
    #[must_use]
    pub fn without_input(&self) -> Self {
        Ctx { has_input: false, ..self.clone() }
    }

    /// The same, saying nothing on standard output.
    #[must_use]
    pub fn silenced(&self) -> Self {
        Ctx { out: self.out.silenced(), ..self.clone() }
    }

    /// The same, with one more variable for the programs it starts.
    #[must_use]
    pub fn with_env(&self, key: &str, value: impl Into<String>) -> Self {
        let mut env = Env::clone(&self.env);
        env.set(key, value);
        Ctx { env: Arc::new(env), ..self.clone() }
    }
}

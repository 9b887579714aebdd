//! Where a property or a variable holds: one app, or all of them.

use std::fmt;

use super::AppName;

/// One app or the whole server. Prints as the folder and argument that Dokku uses: the name, or `--global`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole server.
    Global,
    /// One app.
    App(AppName),
}

impl Scope {
    /// The app, unless the scope is global.
    pub fn app(&self) -> Option<&AppName> {
        match self {
            Scope::Global => None,
            Scope::App(app) => Some(app),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scope::Global => f.write_str("--global"),
            Scope::App(app) => app.fmt(f),
        }
    }
}

impl From<&AppName> for Scope {
    fn from(app: &AppName) -> Self {
        Scope::App(app.clone())
    }
}

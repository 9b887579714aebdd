use crate::kernel::{Ctx, Holds, Key, Properties, Property, Report, Result, Shown, Style, Value, any};
use crate::model::{AppName, Scope};
use crate::platform::files;
use crate::store::builds;

/// What `apps:set` knows.
pub const PROPERTIES: Properties = Properties {
    plugin: "apps",
    style: Style::Go,
    list: &[
        Property {
            key: "deploy-source",
            holds: Holds::App,
            default: "",
            check: any,
            about: "how the code came here last; a deploy writes it",
        },
        Property {
            key: "deploy-source-metadata",
            holds: Holds::App,
            default: "",
            check: any,
            about: "which commit, image or address that was; a deploy writes it",
        },
        Property {
            key: "disable-autocreation",
            holds: Holds::Global,
            default: "",
            check: any,
            about: "true: a push to an app that is not there fails instead of making it",
        },
    ],
    after_set: None,
};

/// What `apps:report` shows.
pub const REPORT: Report = Report {
    kind: "app",
    prefix: "app",
    has_legacy_json: true,
    has_small_labels: false,
    keys: &[
        Key { flag: "app-created-at", shown: Shown::App, value: Value::Raw("created-at") },
        Key { flag: "app-deploy-source", shown: Shown::App, value: Value::Raw("deploy-source") },
        Key {
            flag: "app-deploy-source-metadata",
            shown: Shown::App,
            value: Value::Raw("deploy-source-metadata"),
        },
        Key { flag: "app-dir", shown: Shown::App, value: Value::Fact(dir) },
        Key {
            flag: "app-global-disable-autocreation",
            shown: Shown::Both,
            value: Value::Global("disable-autocreation"),
        },
        Key { flag: "app-locked", shown: Shown::App, value: Value::Fact(locked) },
    ],
    extra: None,
};

fn dir(ctx: &Ctx, scope: &Scope) -> Result<String> {
    Ok(scope.app().map(|app| ctx.layout().app(app).display().to_string()).unwrap_or_default())
}

fn locked(ctx: &Ctx, scope: &Scope) -> Result<String> {
    Ok(match scope.app() {
        Some(app) => is_locked(ctx, app)?.to_string(),
        None => String::new(),
    })
}

/// True when `apps:lock` forbids deploys, or one runs.
pub fn is_locked(ctx: &Ctx, app: &AppName) -> Result<bool> {
    Ok(files::exists(&ctx.layout().deploy_lock(app)) || builds::current(ctx.layout(), app)?.is_some())
}

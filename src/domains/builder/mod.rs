//! Choose how apps are built

mod image_type;
mod on;

use crate::kernel::{Domain, Holds, Key, Properties, Property, Report, Shown, Style, Value, any, listener};

const PROPERTIES: Properties = Properties {
    plugin: "builder",
    style: Style::Go,
    list: &[
        Property {
            key: "build-dir",
            holds: Holds::Both,
            default: "",
            check: any,
            about: "Folder in the code that is the root of the build",
        },
        Property {
            key: "detected",
            holds: Holds::ReadOnly,
            default: "",
            check: any,
            about: "Builder of the last build; read-only",
        },
        Property {
            key: "selected",
            holds: Holds::Both,
            default: "",
            check: any,
            about: "Builder to use without asking which fits; null builds nothing",
        },
        Property {
            key: "skip-cleanup",
            holds: Holds::Both,
            default: "false",
            check: any,
            about: "Keep old images after a build",
        },
    ],
    after_set: None,
};

const REPORT: Report = Report {
    kind: "builder",
    prefix: "builder",
    has_legacy_json: true,
    has_small_labels: false,
    keys: &[
        Key { flag: "builder-build-dir", shown: Shown::App, value: Value::Raw("build-dir") },
        Key { flag: "builder-computed-build-dir", shown: Shown::App, value: Value::Computed("build-dir") },
        Key { flag: "builder-computed-selected", shown: Shown::App, value: Value::Computed("selected") },
        Key {
            flag: "builder-computed-skip-cleanup",
            shown: Shown::Both,
            value: Value::Computed("skip-cleanup"),
        },
        Key { flag: "builder-detected", shown: Shown::App, value: Value::Raw("detected") },
        Key { flag: "builder-global-build-dir", shown: Shown::Both, value: Value::Global("build-dir") },
        Key { flag: "builder-global-selected", shown: Shown::Both, value: Value::Global("selected") },
        Key { flag: "builder-global-skip-cleanup", shown: Shown::Both, value: Value::Global("skip-cleanup") },
        Key { flag: "builder-selected", shown: Shown::App, value: Value::Raw("selected") },
        Key { flag: "builder-skip-cleanup", shown: Shown::App, value: Value::Raw("skip-cleanup") },
    ],
    extra: None,
};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "builder",
    plugin: "builder",
    about: "Manage builder settings for an app",
    properties: Some(&PROPERTIES),
    report: Some(&REPORT),
    listeners: &[
        listener::<on::builder_detect::BuilderDetect>(),
        listener::<on::builder_get_property::BuilderGetProperty>(),
        listener::<on::builder_image_is_cnb::BuilderImageIsCnb>(),
        listener::<on::builder_image_is_herokuish::BuilderImageIsHerokuish>(),
        listener::<on::builder_release::BuilderRelease>(),
        listener::<on::builder_set_property::BuilderSetProperty>(),
        listener::<on::install::Install>(),
    ],
    ..Domain::EMPTY
};

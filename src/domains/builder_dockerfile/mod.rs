//! Build apps from a Dockerfile

mod build;
mod on;

use crate::kernel::{Domain, Holds, Key, Properties, Property, Report, Shown, Style, Value, any, listener};

/// The folder of its properties.
const STORE: &str = "builder-dockerfile";

const PROPERTIES: Properties = Properties {
    plugin: STORE,
    style: Style::Shell,
    list: &[Property {
        key: "dockerfile-path",
        holds: Holds::Both,
        default: "Dockerfile",
        check: any,
        about: "Path of the Dockerfile, relative to the root of the build",
    }],
    after_set: None,
};

const REPORT: Report = Report {
    kind: "builder-dockerfile",
    prefix: "builder-dockerfile",
    has_legacy_json: false,
    has_small_labels: false,
    keys: &[
        Key {
            flag: "builder-dockerfile-computed-dockerfile-path",
            shown: Shown::Both,
            value: Value::Computed("dockerfile-path"),
        },
        Key {
            flag: "builder-dockerfile-dockerfile-path",
            shown: Shown::App,
            value: Value::Raw("dockerfile-path"),
        },
        Key {
            flag: "builder-dockerfile-global-dockerfile-path",
            shown: Shown::Both,
            value: Value::Global("dockerfile-path"),
        },
    ],
    extra: None,
};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "builder-dockerfile",
    plugin: "builder-dockerfile",
    about: "Manage the dockerfile builder integration for an app",
    also: "dockerfile",
    properties: Some(&PROPERTIES),
    report: Some(&REPORT),
    listeners: &[
        listener::<on::builder_build::BuilderBuild>(),
        listener::<on::builder_detect::BuilderDetect>(),
        listener::<on::post_delete::OnPostDelete>(),
    ],
    ..Domain::EMPTY
};

//! Manage app.json settings

mod content;
mod env;
mod on;

use crate::kernel::{Domain, Holds, Key, Properties, Property, Report, Shown, Style, Value, any, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "app-json",
    plugin: "app-json",
    about: "Manage app-json settings for an app",
    properties: Some(&PROPERTIES),
    report: Some(&REPORT),
    listeners: &[
        listener::<on::app_json_get_content::Content>(),
        listener::<on::app_json_process_deploy_parallelism::Parallelism>(),
        listener::<on::core_post_extract::Check>(),
        listener::<on::post_app_clone_setup::Copy>(),
        listener::<on::post_app_rename_setup::Move>(),
        listener::<on::post_delete::Forget>(),
        listener::<on::post_deploy::Postdeploy>(),
        listener::<on::post_release_builder::Release>(),
        listener::<on::pre_release_builder::Prepare>(),
    ],
    ..Domain::EMPTY
};

const PROPERTIES: Properties = Properties {
    plugin: "app-json",
    style: Style::Go,
    list: &[Property {
        key: "appjson-path",
        holds: Holds::Both,
        default: "app.json",
        check: any,
        about: "Path of the app.json in the root of the build",
    }],
    after_set: None,
};

const REPORT: Report = Report {
    kind: "app-json",
    prefix: "app-json",
    has_legacy_json: true,
    has_small_labels: false,
    keys: &[
        Key { flag: "app-json-appjson-path", shown: Shown::App, value: Value::Raw("appjson-path") },
        Key {
            flag: "app-json-computed-appjson-path",
            shown: Shown::Both,
            value: Value::Computed("appjson-path"),
        },
        Key {
            flag: "app-json-global-appjson-path",
            shown: Shown::Both,
            value: Value::Global("appjson-path"),
        },
    ],
    extra: None,
};

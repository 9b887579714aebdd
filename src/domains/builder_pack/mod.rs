//! Build apps with Cloud Native Buildpacks

mod on;

use crate::kernel::{Domain, Gone, Key, Properties, Property, Report, Style, listener};

const PROPERTIES: Properties = Properties {
    plugin: "builder-pack",
    style: Style::Shell,
    list: &[Property::both(
        "projecttoml-path",
        "project.toml",
        "path of the project descriptor, relative to the root of the build",
    )],
    after_set: None,
};

const REPORT: Report = Report {
    kind: "builder-pack",
    prefix: "builder-pack",
    has_legacy_json: false,
    has_small_labels: false,
    keys: &[
        Key::computed("builder-pack-computed-projecttoml-path", "projecttoml-path"),
        Key::global("builder-pack-global-projecttoml-path", "projecttoml-path"),
        Key::own("builder-pack-projecttoml-path", "projecttoml-path"),
    ],
    extra: None,
};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "builder-pack",
    plugin: "builder-pack",
    about: "Manage the pack builder integration for an app",
    also: "pack",
    gone: &[Gone { typed: "builder-cnb:*", instead: "It is called builder-pack today" }],
    properties: Some(&PROPERTIES),
    report: Some(&REPORT),
    listeners: &[listener::<on::builder_detect::BuilderDetect>()],
    ..Domain::EMPTY
};

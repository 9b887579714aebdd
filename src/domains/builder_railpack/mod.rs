//! Build apps with railpack

mod on;

use crate::kernel::{Domain, Key, Properties, Property, Report, Style, listener};

const PROPERTIES: Properties = Properties {
    plugin: "builder-railpack",
    style: Style::Shell,
    list: &[Property::both(
        "railpackjson-path",
        "railpack.json",
        "path of the railpack configuration, relative to the root of the build",
    )],
    after_set: None,
};

const REPORT: Report = Report {
    kind: "builder-railpack",
    prefix: "builder-railpack",
    has_legacy_json: false,
    has_small_labels: false,
    keys: &[
        Key::computed("builder-railpack-computed-railpackjson-path", "railpackjson-path"),
        Key::global("builder-railpack-global-railpackjson-path", "railpackjson-path"),
        Key::own("builder-railpack-railpackjson-path", "railpackjson-path"),
    ],
    extra: None,
};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "builder-railpack",
    plugin: "builder-railpack",
    about: "Manage the railpack builder integration for an app",
    also: "rails",
    properties: Some(&PROPERTIES),
    report: Some(&REPORT),
    listeners: &[listener::<on::builder_detect::BuilderDetect>()],
    ..Domain::EMPTY
};

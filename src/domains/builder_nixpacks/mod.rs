//! Build apps with nixpacks

mod on;

use crate::kernel::{Domain, Key, Properties, Property, Report, Style, listener};

const PROPERTIES: Properties = Properties {
    plugin: "builder-nixpacks",
    style: Style::Shell,
    list: &[Property::both(
        "nixpackstoml-path",
        "nixpacks.toml",
        "path of the nixpacks configuration, relative to the root of the build",
    )],
    after_set: None,
};

const REPORT: Report = Report {
    kind: "builder-nixpacks",
    prefix: "builder-nixpacks",
    has_legacy_json: false,
    has_small_labels: false,
    keys: &[
        Key::computed("builder-nixpacks-computed-nixpackstoml-path", "nixpackstoml-path"),
        Key::global("builder-nixpacks-global-nixpackstoml-path", "nixpackstoml-path"),
        Key::own("builder-nixpacks-nixpackstoml-path", "nixpackstoml-path"),
    ],
    extra: None,
};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "builder-nixpacks",
    plugin: "builder-nixpacks",
    about: "Manage the nixpacks builder integration for an app",
    also: "nixpacks",
    properties: Some(&PROPERTIES),
    report: Some(&REPORT),
    listeners: &[listener::<on::builder_detect::BuilderDetect>()],
    ..Domain::EMPTY
};

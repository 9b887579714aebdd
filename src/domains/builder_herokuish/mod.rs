//! Build apps with herokuish buildpacks

use crate::kernel::{Alias, Domain, Key, Properties, Property, Report, Style, switch};

/// Its images exist for amd64 alone.
const ALLOWED: &str = if cfg!(target_arch = "x86_64") { "true" } else { "false" };

const PROPERTIES: Properties = Properties {
    plugin: "builder-herokuish",
    style: Style::Shell,
    list: &[Property::both("allowed", ALLOWED, "true: also where the machine is not amd64").checked(switch)],
    after_set: None,
};

const REPORT: Report = Report {
    kind: "builder-herokuish",
    prefix: "builder-herokuish",
    has_legacy_json: false,
    keys: &[
        Key::computed("builder-herokuish-computed-allowed", "allowed"),
        Key::global("builder-herokuish-global-allowed", "allowed"),
        Key::own("builder-herokuish-allowed", "allowed"),
    ],
    extra: None,
};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "builder-herokuish",
    plugin: "builder-herokuish",
    about: "Build apps with herokuish buildpacks",
    aliases: &[
        Alias { typed: "herokuish:help", means: "builder-herokuish:help", is_deprecated: false },
        Alias { typed: "herokuish:report", means: "builder-herokuish:report", is_deprecated: false },
        Alias { typed: "herokuish:set", means: "builder-herokuish:set", is_deprecated: false },
    ],
    properties: Some(&PROPERTIES),
    report: Some(&REPORT),
    ..Domain::EMPTY
};

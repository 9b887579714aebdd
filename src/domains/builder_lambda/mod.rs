//! Build functions for AWS Lambda

mod on;

use crate::kernel::{Domain, Key, Properties, Property, Report, Style, listener};

const PROPERTIES: Properties = Properties {
    plugin: "builder-lambda",
    style: Style::Shell,
    list: &[Property::both(
        "lambdayml-path",
        "lambda.yml",
        "path of the lambda configuration, relative to the root of the build",
    )],
    after_set: None,
};

const REPORT: Report = Report {
    kind: "builder-lambda",
    prefix: "builder-lambda",
    has_legacy_json: false,
    has_small_labels: false,
    keys: &[
        Key::computed("builder-lambda-computed-lambdayml-path", "lambdayml-path"),
        Key::global("builder-lambda-global-lambdayml-path", "lambdayml-path"),
        Key::own("builder-lambda-lambdayml-path", "lambdayml-path"),
    ],
    extra: None,
};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "builder-lambda",
    plugin: "builder-lambda",
    about: "Manage the lambda builder integration for an app",
    also: "lambda",
    properties: Some(&PROPERTIES),
    report: Some(&REPORT),
    listeners: &[listener::<on::builder_detect::BuilderDetect>()],
    ..Domain::EMPTY
};

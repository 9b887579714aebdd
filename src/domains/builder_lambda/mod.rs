//! Build functions for AWS Lambda

mod on;

use crate::kernel::{Alias, Domain, Key, Properties, Property, Report, Style, listener};

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
    about: "Build functions for AWS Lambda",
    aliases: &[
        Alias { typed: "lambda:help", means: "builder-lambda:help", is_deprecated: false },
        Alias { typed: "lambda:report", means: "builder-lambda:report", is_deprecated: false },
        Alias { typed: "lambda:set", means: "builder-lambda:set", is_deprecated: false },
    ],
    properties: Some(&PROPERTIES),
    report: Some(&REPORT),
    listeners: &[listener::<on::builder_detect::BuilderDetect>()],
    ..Domain::EMPTY
};

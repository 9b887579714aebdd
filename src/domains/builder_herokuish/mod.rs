//! Build apps with herokuish buildpacks

mod account;
mod build;
mod cache;
mod environment;
mod on;
mod release;
mod source_image;

use crate::kernel::{Ctx, Domain, Key, Properties, Property, Report, Result, Style, listener, switch};
use crate::model::AppName;

/// Its name as a builder.
const BUILDER: &str = "herokuish";

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
    has_small_labels: false,
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
    about: "Manage the herokuish builder integration for an app",
    also: "herokuish",
    properties: Some(&PROPERTIES),
    report: Some(&REPORT),
    listeners: &[
        listener::<on::builder_build::BuilderBuild>(),
        listener::<on::builder_detect::BuilderDetect>(),
        listener::<on::builder_herokuish_allowed::Allowed>(),
        listener::<on::builder_release::BuilderRelease>(),
        listener::<on::docker_args::Build>(),
        listener::<on::docker_args::Deploy>(),
        listener::<on::docker_args::Run>(),
        listener::<on::post_delete::Forget>(),
        listener::<on::post_stack_set::Purge>(),
    ],
    ..Domain::EMPTY
};

/// True unless the machine's kind speaks against it and nobody has allowed it all the same.
fn is_allowed(ctx: &Ctx, app: &AppName) -> Result<bool> {
    Ok(PROPERTIES.computed(ctx, &app.into(), "allowed")? == "true")
}

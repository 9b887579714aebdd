//! Manage buildpacks settings for an app

mod add;
mod clear;
mod list;
mod on;
mod remove;
mod report;
mod set;
mod set_property;

use crate::kernel::{Domain, Properties, Property, Style, entry, listener};
use crate::store::buildpacks::PLUGIN;

const PROPERTIES: Properties = Properties {
    plugin: PLUGIN,
    style: Style::Go,
    list: &[Property::both("stack", "", "Image that herokuish builds on; set with buildpacks:set-property")],
    after_set: Some(set_property::tell),
};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "buildpacks",
    plugin: "buildpacks",
    about: "Manage buildpacks settings for an app",
    heading: "Manage buildpacks settings for an app",
    commands: &[
        entry::<add::Add>(),
        entry::<clear::Clear>(),
        entry::<list::List>(),
        entry::<remove::Remove>(),
        entry::<set::Set>(),
        entry::<set_property::SetProperty>(),
    ],
    properties: Some(&PROPERTIES),
    report: Some(&report::REPORT),
    listeners: &[listener::<on::buildpack_stack_name::StackName>(), listener::<on::post_extract::Write>()],
    ..Domain::EMPTY
};

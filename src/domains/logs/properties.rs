//! The settings of logs.

use crate::kernel::{Holds, Properties, Property, Style, any};
use crate::model::vector::parse;
use crate::model::{Fault, Outcome};

use super::vector;

const fn row(
    key: &'static str,
    holds: Holds,
    default: &'static str,
    check: fn(&str) -> Outcome,
    about: &'static str,
) -> Property {
    Property { key, holds, default, check, about }
}

/// The settings.
pub const PROPERTIES: Properties = Properties {
    plugin: "logs",
    style: Style::Logs,
    list: &[
        row(
            "app-label-alias",
            Holds::Both,
            "com.dokku.app-name",
            alias,
            "Under which name vector ships the name of the app",
        ),
        row(
            "max-size",
            Holds::Both,
            "10m",
            max_size,
            "How large the log of a container may grow: a number and k, m or g, or unlimited",
        ),
        row("vector-cron-sink", Holds::Both, "", sink, "Where vector ships the output of cron tasks"),
        row("vector-image", Holds::Global, "timberio/vector:0.57.0-debian", any, "Image of the log shipper"),
        row("vector-networks", Holds::Global, "", networks, "Networks that the log shipper joins"),
        row("vector-sink", Holds::Both, "", sink, "Where vector ships the logs of the app"),
    ],
    after_set: Some(vector::after_set),
};

fn alias(value: &str) -> Outcome {
    let first = value.starts_with(|c: char| c.is_ascii_alphanumeric());
    if first && value.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c)) {
        return Ok(());
    }
    Err(Fault::new(
        "Invalid app-label-alias value, must start with a letter or number and contain only letters, numbers, and any of [_, ., -]",
    ))
}

fn max_size(value: &str) -> Outcome {
    if value == "unlimited" {
        return Ok(());
    }
    let Some(number) = value.strip_suffix(['k', 'm', 'g']) else {
        return Err(Fault::new("Invalid max-size unit measure, value must end in any of [k, m, g]"));
    };
    if number.is_empty() {
        return Err(Fault::new(
            "Invalid max-size value, must be a number followed by a unit of measure [k, m, g]",
        ));
    }
    match number.parse::<u64>() {
        Ok(_) => Ok(()),
        Err(_) => Err(Fault::new(format!(
            "Invalid max-size value, unable to convert number to int: strconv.Atoi: parsing {number:?}: invalid syntax"
        ))),
    }
}

fn sink(value: &str) -> Outcome {
    parse(value).map(drop)
}

fn networks(value: &str) -> Outcome {
    for name in value.split(',').map(str::trim) {
        if name.is_empty() {
            return Err(Fault::new("Invalid vector-networks value, empty entry in comma-separated list"));
        }
        if name == "bridge" {
            return Err(Fault::new(
                "Invalid vector-networks value, \"bridge\" is not a valid entry for vector-networks",
            ));
        }
    }
    Ok(())
}

//! What an app.json says of a process type.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::object::objects;
use super::or_default;

objects!(Formation, Autoscaling, AutoscalingTrigger, Service);

/// How a process type is run.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, remote = "Self")]
pub struct Formation {
    /// How many containers. One such key anywhere makes the whole scale come from the file.
    pub quantity: Option<i32>,
    /// How many containers are deployed at once; values below 1 count as 1.
    pub max_parallel: Option<i32>,
    /// For k3s only.
    pub autoscaling: Option<Autoscaling>,
    /// For k3s only.
    pub service: Option<Service>,
}

/// When k3s runs more or fewer.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, remote = "Self")]
pub struct Autoscaling {
    /// Seconds between two changes; 300 without a word.
    pub cooldown_period_seconds: Option<i32>,
    /// The most.
    pub max_quantity: Option<i32>,
    /// The least.
    pub min_quantity: Option<i32>,
    /// Seconds between two looks; 30 without a word.
    pub polling_interval_seconds: Option<i32>,
    /// What is looked at.
    #[serde(deserialize_with = "or_default")]
    pub triggers: Vec<AutoscalingTrigger>,
}

/// What k3s looks at to decide.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, remote = "Self")]
pub struct AutoscalingTrigger {
    /// Its name.
    #[serde(deserialize_with = "or_default")]
    pub name: String,
    /// Its kind.
    #[serde(rename = "type", deserialize_with = "or_default")]
    pub kind: String,
    /// Its settings.
    #[serde(deserialize_with = "or_default")]
    pub metadata: BTreeMap<String, String>,
}

/// How k3s makes a process type reachable.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, remote = "Self")]
pub struct Service {
    /// Reachable though it is not web.
    #[serde(deserialize_with = "or_default")]
    pub exposed: bool,
}

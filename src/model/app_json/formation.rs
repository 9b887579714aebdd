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

impl Formation {
    /// What is said to k3s alone.
    pub fn keys_of_k3s(&self) -> impl Iterator<Item = &'static str> {
        let said = [("autoscaling", self.autoscaling.is_some()), ("service", self.service.is_some())];
        said.into_iter().filter_map(|(key, is_said)| is_said.then_some(key))
    }
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

#[cfg(test)]
mod tests {
    use crate::model::AppJson;

    #[test]
    fn what_is_said_to_k3s_is_read_and_named() {
        let read = AppJson::parse(
            r#"{"formation": {"web": {"max_parallel": 2, "autoscaling": {
                "cooldown_period_seconds": 60, "min_quantity": 1, "max_quantity": 10, "polling_interval_seconds": 10,
                "triggers": [{"name": "load", "type": "http", "metadata": {"url": "https://example.com"}}]
            }, "service": {"exposed": true}}, "worker": {"quantity": 1}}}"#,
        )
        .expect("an app.json");
        let web = &read.formation["web"];
        let autoscaling = web.autoscaling.as_ref().expect("it is said");
        assert_eq!((autoscaling.min_quantity, autoscaling.max_quantity), (Some(1), Some(10)));
        assert_eq!(autoscaling.triggers[0].metadata["url"], "https://example.com");
        assert_eq!(web.keys_of_k3s().collect::<Vec<_>>(), ["autoscaling", "service"]);
        assert_eq!(read.formation["worker"].keys_of_k3s().count(), 0);
        let wrong = r#"{"formation": {"web": {"autoscaling": {"max_quantity": "ten"}}}}"#;
        let fault = AppJson::parse(wrong).expect_err("refused").message;
        assert!(fault.contains("formation.web.autoscaling.max_quantity: invalid type"), "{fault}");
    }
}

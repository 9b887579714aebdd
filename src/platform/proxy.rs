//! The proxy as commands see it: what they ask of the resident process that tests configurations and
//! puts them to work.

use std::path::Path;

use async_trait::async_trait;
use serde_json::Value;

use crate::model::{AppName, Context, Outcome};

/// An app whose configuration nginx refuses.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Refused {
    /// The app.
    pub app: String,
    /// nginx's own words.
    pub why: String,
}

/// The proxy. `socket` is where `dokku serve` takes requests.
#[async_trait]
pub trait Proxy: Send + Sync {
    /// Puts the configuration in the app's folder to work, or none when there is none, and returns once the new
    /// generation answers and the old one takes no more connections.
    ///
    /// # Errors
    /// When nginx refuses it (what it served before stays in place), or `dokku serve` does not answer.
    async fn apply(&self, socket: &Path, app: &AppName) -> Outcome;

    /// The same without waiting for it: for apps that nothing depends on yet.
    ///
    /// # Errors
    /// When `dokku serve` does not answer.
    async fn note(&self, socket: &Path, app: &AppName) -> Outcome;

    /// Puts every app's configuration that changed to work, and all else that nginx reads. Those that nginx refuses
    /// stay as they were and are named.
    ///
    /// # Errors
    /// When `dokku serve` does not answer, or nginx refuses what belongs to no app.
    async fn reload(&self, socket: &Path) -> Outcome<Vec<Refused>>;

    /// Tests the configurations of these apps. Names those that nginx refuses.
    ///
    /// # Errors
    /// When `dokku serve` does not answer, or nginx refuses what belongs to no app.
    async fn test(&self, socket: &Path, apps: &[AppName]) -> Outcome<Vec<Refused>>;

    /// Tests a text that is to become the configuration of an app. nginx's words when it refuses it.
    ///
    /// # Errors
    /// When `dokku serve` does not answer.
    async fn check(&self, socket: &Path, app: &AppName, text: &str) -> Outcome<Option<String>>;

    /// Starts nginx again after `stop`.
    ///
    /// # Errors
    /// When `dokku serve` does not answer.
    async fn start(&self, socket: &Path) -> Outcome;

    /// Stops nginx, until `start` or the next start of the container.
    ///
    /// # Errors
    /// When `dokku serve` does not answer.
    async fn stop(&self, socket: &Path) -> Outcome;

    /// True when nginx can listen on IPv6 here.
    fn has_ipv6(&self) -> bool;
}

/// The proxy behind `dokku serve`.
pub struct ServedProxy;

#[async_trait]
impl Proxy for ServedProxy {
    async fn apply(&self, socket: &Path, app: &AppName) -> Outcome {
        ask(socket, "proxy-apply", app.as_str().into()).await
    }

    async fn note(&self, socket: &Path, app: &AppName) -> Outcome {
        ask(socket, "proxy-note", app.as_str().into()).await
    }

    async fn reload(&self, socket: &Path) -> Outcome<Vec<Refused>> {
        ask(socket, "proxy-reload", Value::Null).await
    }

    async fn test(&self, socket: &Path, apps: &[AppName]) -> Outcome<Vec<Refused>> {
        ask(socket, "proxy-test", names(apps)).await
    }

    async fn check(&self, socket: &Path, app: &AppName, text: &str) -> Outcome<Option<String>> {
        ask(socket, "proxy-check", serde_json::json!([app.as_str(), text])).await
    }

    async fn start(&self, socket: &Path) -> Outcome {
        ask(socket, "nginx-start", Value::Null).await
    }

    async fn stop(&self, socket: &Path) -> Outcome {
        ask(socket, "nginx-stop", Value::Null).await
    }

    fn has_ipv6(&self) -> bool {
        super::listening::has_ipv6()
    }
}

/// Asks, and reads what is answered.
async fn ask<T: serde::de::DeserializeOwned>(socket: &Path, verb: &str, about: Value) -> Outcome<T> {
    let answer = super::control::ask(socket, verb, about).await?;
    serde_json::from_value(answer).context(|| format!("dokku serve answered {verb} with something else"))
}

fn names(apps: &[AppName]) -> Value {
    apps.iter().map(AppName::as_str).collect()
}

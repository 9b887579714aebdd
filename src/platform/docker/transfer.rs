//! Images on their way from and to registries.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use futures_util::StreamExt;
use hyper::body::Incoming;
use serde_json::{Value, json};

use super::client::Call;
use super::logins::address_of;
use super::names::registry_of;
use super::{DockerResult, Progress, flow};
use crate::model::Fault;
use crate::model::build_plan::RegistryLogin;

/// Adds the login's header. The engine wants URL-safe base64.
pub fn with_login(call: Call, image: &str, login: Option<&RegistryLogin>) -> Call {
    let Some(login) = login else { return call };
    let registry = registry_of(image);
    call.header("x-registry-auth", URL_SAFE.encode(credentials(registry, login).to_string()))
}

/// A login as the engine wants it.
pub fn credentials(registry: &str, login: &RegistryLogin) -> Value {
    json!({
        "username": login.username, "password": login.password,
        "identitytoken": login.identity_token, "serveraddress": address_of(registry),
    })
}

/// Tells how it goes on, a line for each change of a layer's state (its bytes are not told), until the end.
pub async fn report(body: Incoming, what: String, progress: &mut dyn Progress) -> DockerResult {
    let mut lines = flow::json_lines::<Value>(body, what.clone());
    let mut states: HashMap<String, String> = HashMap::new();
    while let Some(line) = lines.next().await {
        let line = line?;
        let text = |key: &str| line[key].as_str().unwrap_or_default().trim_end();
        if let Some(message) = line["errorDetail"]["message"].as_str().or(line["error"].as_str()) {
            return Err(Fault::new(format!("cannot {what}: {}", message.trim())).into());
        }
        let (id, status) = (text("id"), text("status"));
        if !text("stream").is_empty() {
            progress.line(text("stream"));
        } else if status.is_empty() {
            continue;
        } else if id.is_empty() {
            progress.line(status);
        } else if states.insert(id.to_owned(), status.to_owned()).as_deref() != Some(status) {
            progress.line(&format!("{id}: {status}"));
        }
    }
    Ok(())
}

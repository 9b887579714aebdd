//! One build, from the plan to the image's id.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bollard_buildkit_proto::moby::buildkit::v1::StatusResponse;
use futures_util::StreamExt;
use hyper::body::Incoming;
use prost::Message;
use serde_json::{Map, Value, json};
use tokio::time::timeout;

use super::progress::Words;
use super::session::{Session, new_id};
use crate::model::Fault;
use crate::model::build_plan::BuildPlan;
use crate::platform::docker::client::{Call, Engine};
use crate::platform::docker::{BuildContext, DockerResult, Progress, flow};
use crate::platform::waits::{self, Wait};

/// How long a step may run before it is named.
const A_MOMENT: Duration = Duration::from_millis(100);

impl Engine {
    /// Builds the image. Dropping the future closes both connections, which ends the build.
    pub(in crate::platform::docker) async fn build(
        &self,
        plan: &BuildPlan,
        context: Arc<dyn BuildContext>,
        progress: &mut dyn Progress,
    ) -> DockerResult<String> {
        let what = match plan.tag.first() {
            Some(tag) => format!("build the image {tag}"),
            None => "build the image".to_owned(),
        };
        // Our own part of it, handing over the files, is done while the engine waits for them.
        let _waiting = waits::begin(Wait::Build);
        let session = Session::open(self, plan, context, &what).await?;
        let answer = self.send(build_call(plan, &session.id, &what)).await?;
        let mut told = pin!(follow(answer.into_body(), what, progress));
        tokio::select! {
            told = &mut told => told,
            // Without its session a build fails by itself, and says better than we could why.
            _ = session.serve() => told.await,
        }
    }
}

/// Reads what the engine tells until it has an image or an error.
async fn follow(body: Incoming, what: String, progress: &mut dyn Progress) -> DockerResult<String> {
    let mut lines = flow::json_lines::<Value>(body, what.clone());
    let mut words = Words::default();
    let mut image = String::new();
    loop {
        let line = match timeout(A_MOMENT, lines.next()).await {
            Ok(Some(line)) => line?,
            Ok(None) => break,
            Err(_silence) => {
                words.name_what_runs(progress);
                continue;
            }
        };
        match line["id"].as_str() {
            Some("moby.buildkit.trace") => {
                let bytes = line["aux"].as_str().and_then(|aux| STANDARD.decode(aux).ok());
                let status = bytes.and_then(|bytes| StatusResponse::decode(bytes.as_slice()).ok());
                if let Some(status) = status {
                    words.tell(status, progress);
                }
            }
            Some("moby.image.id") => image = line["aux"]["ID"].as_str().unwrap_or_default().to_owned(),
            _ => {}
        }
        if let Some(message) = line["errorDetail"]["message"].as_str().or(line["error"].as_str()) {
            words.end(progress);
            return Err(Fault::new(format!("cannot {what}: {}", message.trim())).into());
        }
    }
    words.end(progress);
    if image.is_empty() {
        return Err(Fault::new(format!("cannot {what}: the Docker engine ended the build without an image"))
            .hint("if the engine was restarted, try again")
            .into());
    }
    Ok(image)
}

/// The build call. What stands in a session (files, secrets, agents, logins) is not in here.
fn build_call(plan: &BuildPlan, session: &str, what: &str) -> Call {
    let file = plan.file.as_deref().unwrap_or("Dockerfile");
    let mut arguments: Map<String, Value> =
        plan.build_arg.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    if plan.inline_cache {
        arguments.insert("BUILDKIT_INLINE_CACHE".to_owned(), "1".into());
    }
    let mut call = Call::post("/build", what)
        .query("version", "2")
        .query("remote", "client-session")
        .query("session", session)
        .query("buildid", new_id())
        .query("dockerfile", file.rsplit('/').next().unwrap_or(file))
        .query("rm", "1");
    for tag in &plan.tag {
        call = call.query("t", tag);
    }
    for host in &plan.add_host {
        call = call.query("extrahosts", host);
    }
    if !arguments.is_empty() {
        call = call.query("buildargs", Value::Object(arguments).to_string());
    }
    if !plan.label.is_empty() {
        call = call.query("labels", json!(plan.label).to_string());
    }
    if !plan.cache_from.is_empty() {
        call = call.query("cachefrom", json!(plan.cache_from).to_string());
    }
    if !plan.ulimit.is_empty() {
        let limit = |limit: &crate::model::run_plan::Ulimit| json!({ "Name": limit.name, "Soft": limit.soft, "Hard": limit.hard });
        call = call.query("ulimits", Value::Array(plan.ulimit.iter().map(limit).collect()).to_string());
    }
    let texts = [
        ("target", &plan.target),
        ("platform", &plan.platform),
        ("networkmode", &plan.network),
        ("cgroupparent", &plan.cgroup_parent),
    ];
    for (key, value) in texts {
        if let Some(value) = value {
            call = call.query(key, value);
        }
    }
    let numbers = [("shmsize", plan.shm_size), ("memory", plan.memory), ("memswap", plan.memory_swap)];
    for (key, value) in numbers {
        if let Some(value) = value {
            call = call.query(key, value.to_string());
        }
    }
    for (key, on) in [("nocache", plan.no_cache), ("pull", plan.pull)] {
        if on {
            call = call.query(key, "1");
        }
    }
    call
}

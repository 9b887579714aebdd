use crate::kernel::{Ctx, Failure, Reaction, Result};
use crate::store::processes;
use crate::triggers;
use crate::triggers::DOCKER_LOCAL;
use serde::Serialize;
use serde_json::Value;

/// Prints what the engine knows, values of variables hidden.
pub struct Inspect;

impl Reaction for Inspect {
    type Trigger = triggers::SchedulerInspect;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        if trigger.scheduler != DOCKER_LOCAL {
            return Ok(());
        }
        let mut all = Vec::new();
        for one in processes::running(ctx.layout(), &trigger.app)? {
            let mut json = ctx.platform.docker.inspect_container_json(&one.id).await?;
            if let Some(Value::Array(env)) = json.pointer_mut("/Config/Env") {
                env.iter_mut().for_each(hide);
            }
            all.push(sorted(json));
        }
        let mut text = Vec::new();
        let layout = serde_json::ser::PrettyFormatter::with_indent(b"    ");
        let mut printer = serde_json::Serializer::with_formatter(&mut text, layout);
        Value::Array(all).serialize(&mut printer).map_err(|error| Failure::internal(error.to_string()))?;
        ctx.out.plain(String::from_utf8_lossy(&text));
        Ok(())
    }
}
/// Variables that Dokku sets itself are shown.
const SHOWN: [&str; 7] = ["CACHE_PATH=", "DOCKER_", "DOKKU_", "DYNO=", "PATH=", "PORT=", "USER="];

fn hide(variable: &mut Value) {
    let Value::String(text) = variable else { return };
    if SHOWN.iter().any(|prefix| text.starts_with(prefix)) {
        return;
    }
    let name = text.split('=').next().unwrap_or_default();
    *text = format!("{name}=XXXXXX");
}

/// The same with keys in order, as Dokku prints them.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut pairs: Vec<_> = map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            pairs.sort_by(|one, other| one.0.cmp(&other.0));
            Value::Object(pairs.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => plain,
    }
}

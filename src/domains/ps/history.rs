use jiff::Timestamp;
use serde_json::{Value, json};

use crate::kernel::{Command, Ctx, Failure, Gate, Result, Stream, json, table};
use crate::model::AppName;
use crate::store::process_ends::{self, End};

/// Show when and why processes of an app ended
///
/// The last 100 ends that no deploy and no ps:stop had asked for, the newest first; with the number of one that one alone,
/// and the last lines of what its container wrote.
///
/// Example: dokku ps:history shop
#[derive(clap::Args)]
pub struct History {
    /// How to print them: stdout or json
    #[arg(long, default_value = "stdout")]
    format: String,
    /// Name of the app
    app: AppName,
    /// Number of an end
    end: Option<String>,
}

impl Command for History {
    const NAME: &'static str = "ps:history";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let is_json = json::is_asked(&self.format)?;
        let app = &self.app;
        ctx.require_app(app)?;
        if let Some(id) = self.end.as_deref().filter(|id| !id.is_empty()) {
            let end = process_ends::load(ctx.layout(), app, id)?;
            let end = end.ok_or_else(|| {
                Failure::user(format!("No end {id} of a process of {app} is known"))
                    .hint(format!("ps:history {app} shows which there are"))
            })?;
            show(ctx, &end, is_json);
            return Ok(());
        }
        let ends = process_ends::all(ctx.layout(), app)?;
        if is_json {
            let views: Vec<Value> = ends.iter().map(view).collect();
            ctx.out.plain(json::compact(&views));
        } else if ends.is_empty() {
            ctx.out.plain("No process of this app ended by itself");
        } else {
            table::columns(&rows(&ends)).iter().for_each(|line| ctx.out.plain(line));
        }
        Ok(())
    }
}

fn show(ctx: &Ctx, end: &End, is_json: bool) {
    if is_json {
        ctx.out.plain(json::compact(&view(end)));
        return;
    }
    let rows = [
        ("Number:", end.id.clone()),
        ("What:", end.kind.words().to_owned()),
        ("Time:", time(end.at)),
        ("Process:", end.process.clone()),
        ("Cause:", end.cause()),
        ("Exit Code:", exit_code(end)),
        ("Out Of Memory:", end.is_out_of_memory.to_string()),
        ("Ran for:", ran_for(end)),
        ("Restarts before:", end.restarts.to_string()),
        ("Restart Policy:", end.restart_policy.clone()),
        ("Container:", end.container.clone()),
        ("Deploy:", end.deploy.clone()),
    ];
    let rows: Vec<Vec<String>> =
        rows.into_iter().map(|(label, value)| vec![label.to_owned(), value]).collect();
    let quiet = ctx.out.unless_quiet();
    table::columns(&rows).iter().for_each(|line| quiet.plain(line));
    quiet.plain("");
    // Whoever reads may have seen enough.
    let _ = ctx.out.raw(Stream::Stdout, end.output.as_bytes());
}

fn rows(ends: &[End]) -> Vec<Vec<String>> {
    let head = ["Number", "Time", "Process", "What", "Exit Code", "Ran For", "Restarts", "Cause"];
    let rows = ends.iter().map(|end| {
        vec![
            end.id.clone(),
            time(end.at),
            end.process.clone(),
            end.kind.words().to_owned(),
            exit_code(end),
            ran_for(end),
            end.restarts.to_string(),
            end.cause(),
        ]
    });
    std::iter::once(head.map(str::to_owned).to_vec()).chain(rows).collect()
}

fn view(end: &End) -> Value {
    json!({
        "id": end.id,
        "what": end.kind,
        "at": time(end.at),
        "process": end.process,
        "cause": end.cause(),
        "exit_code": end.exit_code,
        "oom_killed": end.is_out_of_memory,
        "signal": end.signal,
        "started_at": end.started_at.map(time),
        "duration": end.seconds(),
        "restarts": end.restarts,
        "restart_policy": end.restart_policy,
        "container_id": end.container,
        "deploy_id": end.deploy,
        "output": end.output,
    })
}

fn exit_code(end: &End) -> String {
    end.exit_code.map(|code| code.to_string()).unwrap_or_default()
}

fn ran_for(end: &End) -> String {
    end.seconds().map(|seconds| format!("{seconds}s")).unwrap_or_default()
}

fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

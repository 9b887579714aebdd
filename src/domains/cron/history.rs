use jiff::Timestamp;
use serde_json::{Value, json};

use crate::kernel::{Command, Ctx, Failure, Gate, Result, Stream, json, table};
use crate::model::AppName;
use crate::store::cron_runs::{self, Run, Status};

/// Show how tasks of an app ran
///
/// The last 20 runs of each task, the newest first; with the number of a run that run alone, and the end of what it wrote.
///
/// Example: dokku cron:history shop --cron-id 5cruaotm4yzzpnjlsdunblj8qyjp
#[derive(clap::Args)]
pub struct History {
    /// How to print them: stdout or json
    #[arg(long, default_value = "stdout")]
    format: String,
    /// Only runs of this task
    #[arg(long, value_name = "ID")]
    cron_id: Option<String>,
    /// Name of the app
    app: AppName,
    /// Number of a run
    run: Option<String>,
}

impl Command for History {
    const NAME: &'static str = "cron:history";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let is_json = json::is_asked(&self.format)?;
        let app = &self.app;
        ctx.require_app(app)?;
        let now = ctx.platform.clock.now();
        if let Some(id) = self.run.as_deref().filter(|id| !id.is_empty()) {
            let run = cron_runs::load(ctx.layout(), app, id)?;
            let run = run.ok_or_else(|| {
                Failure::user(format!("No run {id} of {app} is known"))
                    .hint(format!("cron:history {app} shows which runs there are"))
            })?;
            show(ctx, &run, is_json, now);
            return Ok(());
        }
        let mut runs = cron_runs::all(ctx.layout(), app)?;
        runs.retain(|run| self.cron_id.as_ref().is_none_or(|id| run.cron_id == *id));
        if is_json {
            let views: Vec<Value> = runs.iter().map(|run| view(run, now)).collect();
            ctx.out.plain(json::compact(&views));
        } else if runs.is_empty() {
            ctx.out.plain("No runs recorded for this app");
        } else {
            table::columns(&rows(&runs, now)).iter().for_each(|line| ctx.out.plain(line));
        }
        Ok(())
    }
}

fn show(ctx: &Ctx, run: &Run, is_json: bool, now: Timestamp) {
    if is_json {
        let mut view = view(run, now);
        view["output"] = json!(run.output);
        ctx.out.plain(json::compact(&view));
        return;
    }
    let rows = [
        ("Run:", run.id.clone()),
        ("Cron ID:", run.cron_id.clone()),
        ("Command:", run.command.clone()),
        ("Schedule:", run.schedule.clone()),
        ("Status:", run.status().word().to_owned()),
        ("Exit Code:", exit_code(run)),
        ("Started:", time(run.started_at)),
        ("Finished:", finished(run).map(time).unwrap_or_default()),
    ];
    let rows: Vec<Vec<String>> =
        rows.into_iter().map(|(label, value)| vec![label.to_owned(), value]).collect();
    let quiet = ctx.out.unless_quiet();
    table::columns(&rows).iter().for_each(|line| quiet.plain(line));
    quiet.plain("");
    // Whoever reads may have seen enough.
    let _ = ctx.out.raw(Stream::Stdout, run.output.as_bytes());
}

fn rows(runs: &[Run], now: Timestamp) -> Vec<Vec<String>> {
    let head = ["Run", "Started", "Duration", "Status", "Exit Code", "Command", "Cron ID"];
    let rows = runs.iter().map(|run| {
        vec![
            run.id.clone(),
            time(run.started_at),
            seconds(run, now).map(|seconds| format!("{seconds}s")).unwrap_or_default(),
            run.status().word().to_owned(),
            exit_code(run),
            run.command.clone(),
            run.cron_id.clone(),
        ]
    });
    std::iter::once(head.map(str::to_owned).to_vec()).chain(rows).collect()
}

fn view(run: &Run, now: Timestamp) -> Value {
    json!({
        "id": run.id,
        "cron_id": run.cron_id,
        "command": run.command,
        "schedule": run.schedule,
        "status": run.status().word(),
        "exit_code": run.exit_code.filter(|_| is_known(run)),
        "started_at": time(run.started_at),
        "finished_at": finished(run).map(time),
        "duration": seconds(run, now),
    })
}

/// Nobody stayed with a run that went its own way: when and how it ended is not known.
fn is_known(run: &Run) -> bool {
    run.status() != Status::Detached
}

fn exit_code(run: &Run) -> String {
    run.exit_code.filter(|_| is_known(run)).map(|code| code.to_string()).unwrap_or_default()
}

fn finished(run: &Run) -> Option<Timestamp> {
    run.finished_at.filter(|_| is_known(run))
}

fn seconds(run: &Run, now: Timestamp) -> Option<i64> {
    is_known(run).then(|| run.seconds(now))
}

fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

use super::view;
use crate::kernel::{Command, Ctx, Failure, Gate, Result, json, table};
use crate::model::{AppName, size};
use crate::store::builds::{self, Record};

/// Show one build
#[derive(clap::Args)]
pub struct Info {
    /// How to print it: stdout or json
    #[arg(long, default_value = "stdout")]
    format: String,
    /// Name of the app
    app: AppName,
    /// Id of the build
    build_id: Option<String>,
}

impl Command for Info {
    const NAME: &'static str = "builds:info";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let is_json = json::is_asked(&self.format)?;
        let app = &self.app;
        ctx.require_app(app)?;
        let id = self.build_id.filter(|id| !id.is_empty());
        let id = id.ok_or_else(|| Failure::user("Please specify a build id"))?;
        let record = builds::load(ctx.layout(), app, &id)?;
        let record = record.ok_or_else(|| Failure::user(format!("No build record found for {app}/{id}")))?;
        if is_json {
            ctx.out.plain(json::compact(&view::json(ctx, app, &record)));
        } else {
            table::columns(&rows(ctx, app, &record)).iter().for_each(|line| ctx.out.plain(line));
        }
        Ok(())
    }
}

fn rows(ctx: &Ctx, app: &AppName, record: &Record) -> Vec<Vec<String>> {
    let log = builds::log_path(ctx.layout(), app, &record.id).display().to_string();
    let rows = [
        ("Build ID:", Some(record.id.clone())),
        ("App:", Some(record.app.clone())),
        ("Kind:", Some(record.kind.to_string())),
        ("Status:", Some(view::status(record))),
        ("PID:", Some(record.pid.to_string())),
        ("Source:", Some(record.source.to_string())),
        ("Started:", Some(view::time(record.started_at))),
        ("Finished:", record.finished_at.map(view::time)),
        ("Duration:", Some(record.duration(ctx.platform.clock.now()))),
        ("Exit Code:", record.exit_code.map(|code| code.to_string())),
        ("Log:", Some(log)),
        ("Waits for:", record.waits_for.filter(|_| record.is_waiting()).map(|what| what.to_string())),
        ("Cause:", record.cause.clone()),
        ("Disk growth:", record.disk_growth.map(size::people)),
    ];
    rows.into_iter().filter_map(|(label, value)| Some(vec![label.to_owned(), value?])).collect()
}

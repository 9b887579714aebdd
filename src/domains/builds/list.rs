use super::view;
use crate::kernel::{Command, Ctx, Failure, Gate, Result, json, table};
use crate::model::AppName;
use crate::store::builds::{self, Record};

/// List builds
///
/// With an app its running and recent ones, without one what runs of any app.
#[derive(clap::Args)]
pub struct List {
    /// How to print them: stdout or json
    #[arg(long, default_value = "stdout")]
    format: String,
    /// Only this kind: build or deploy
    #[arg(long)]
    kind: Option<String>,
    /// Only this status: running, succeeded, failed, canceled or abandoned
    #[arg(long)]
    status: Option<String>,
    /// Name of the app
    app: Option<AppName>,
}

impl Command for List {
    const NAME: &'static str = "builds:list";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let is_json = json::is_asked(&self.format)?;
        check("kind", self.kind.as_deref(), &["build", "deploy"])?;
        let statuses = ["running", "succeeded", "failed", "canceled", "abandoned"];
        check("status", self.status.as_deref(), &statuses)?;
        let found = match &self.app {
            Some(app) => self.of_app(ctx, app)?,
            None => self.running(ctx)?,
        };
        if is_json {
            let views: Vec<_> = found.iter().map(|(app, record)| view::json(ctx, app, record)).collect();
            ctx.out.plain(json::compact(&views));
            return Ok(());
        }
        let (nothing, rows) = match &self.app {
            Some(_) => ("No builds recorded for this app", rows_of_app(ctx, &found)),
            None => ("No builds currently running", rows_of_all(&found)),
        };
        if found.is_empty() {
            ctx.out.plain(nothing);
        } else {
            table::columns(&rows).iter().for_each(|line| ctx.out.plain(line));
        }
        Ok(())
    }
}

fn check(flag: &str, value: Option<&str>, allowed: &[&str]) -> Result {
    match value.filter(|value| !value.is_empty() && !allowed.contains(value)) {
        None => Ok(()),
        Some(value) => Err(Failure::user(format!(
            "Invalid --{flag} value \"{value}\" (allowed: {})",
            allowed.join(", ")
        ))),
    }
}

type Found = Vec<(AppName, Record)>;

impl List {
    fn wants(&self, record: &Record) -> bool {
        let fits = |wanted: &Option<String>, is: String| {
            wanted.as_deref().is_none_or(|wanted| wanted.is_empty() || wanted == is)
        };
        fits(&self.kind, record.kind.to_string()) && fits(&self.status, record.shown_status().to_string())
    }

    fn of_app(&self, ctx: &Ctx, app: &AppName) -> Result<Found> {
        ctx.require_app(app)?;
        let mut records = builds::all(ctx.layout(), app)?;
        records.retain(|record| self.wants(record));
        records.sort_by_key(|record| !record.is_running());
        if self.kind.is_none() && self.status.is_none() {
            let running = records.iter().filter(|record| record.is_running()).count();
            records.truncate(running + builds::retention(ctx.layout(), app)?);
        }
        Ok(records.into_iter().map(|record| (app.clone(), record)).collect())
    }

    fn running(&self, ctx: &Ctx) -> Result<Found> {
        let mut found = Vec::new();
        for app in ctx.apps()? {
            let records = builds::all(ctx.layout(), &app)?.into_iter();
            let running = records.filter(|record| record.status == builds::Status::Running);
            found.extend(running.filter(|record| self.wants(record)).map(|record| (app.clone(), record)));
        }
        found.sort_by_key(|(_, record)| std::cmp::Reverse(record.started_at));
        Ok(found)
    }
}

fn rows_of_app(ctx: &Ctx, found: &Found) -> Vec<Vec<String>> {
    let head = ["Build ID", "Kind", "Status", "PID", "Source", "Started", "Duration"];
    let now = ctx.platform.clock.now();
    let rows = found.iter().map(|(_, record)| {
        vec![
            record.id.clone(),
            record.kind.to_string(),
            view::status(record),
            record.pid.to_string(),
            record.source.to_string(),
            view::time(record.started_at),
            record.duration(now),
        ]
    });
    std::iter::once(head.map(str::to_owned).to_vec()).chain(rows).collect()
}

fn rows_of_all(found: &Found) -> Vec<Vec<String>> {
    let head = ["App", "Build ID", "Kind", "PID", "Source", "Started"];
    let rows = found.iter().map(|(app, record)| {
        vec![
            app.to_string(),
            record.id.clone(),
            record.kind.to_string(),
            record.pid.to_string(),
            record.source.to_string(),
            view::time(record.started_at),
        ]
    });
    std::iter::once(head.map(str::to_owned).to_vec()).chain(rows).collect()
}

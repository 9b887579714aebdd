use serde::Serialize;

use crate::kernel::{Command, Ctx, Failure, Gate, Result, json, table};
use crate::model::AppName;
use crate::triggers::DOCKER_LOCAL;

use super::tasks::{self, Injected, Task};

/// List the tasks that run by the clock
///
/// Of an app, or with --global those that plugins bring.
#[derive(clap::Args)]
pub struct List {
    /// Those that plugins bring
    #[arg(long)]
    global: bool,
    /// How to print them: stdout or json
    #[arg(long, default_value = "stdout")]
    format: String,
    /// Name of the app
    app: Option<AppName>,
}

impl Command for List {
    const NAME: &'static str = "cron:list";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let is_json = json::is_asked(&self.format)?;
        let views: Vec<View> = match (self.global, &self.app) {
            (true, _) => tasks::injected(ctx, DOCKER_LOCAL).await?.into_iter().map(View::of_plugin).collect(),
            (false, Some(app)) => {
                ctx.require_app(app)?;
                tasks::of_app(ctx, app)?.into_iter().map(|task| View::of_app(app, task)).collect()
            }
            (false, None) => return Err(Failure::user("Please specify an app to run the command on")),
        };
        if is_json {
            ctx.out.plain(json::compact(&views));
            return Ok(());
        }
        let head = ["ID", "Schedule", "Concurrency", "Maintenance", "Command"].map(str::to_owned).to_vec();
        let rows: Vec<Vec<String>> = std::iter::once(head).chain(views.iter().map(View::row)).collect();
        table::columns(&rows).iter().for_each(|line| ctx.out.plain(line));
        Ok(())
    }
}

/// A task as it is shown; the keys of JSON in Dokku's order.
#[derive(Serialize)]
struct View {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    app: Option<String>,
    command: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    global: bool,
    schedule: String,
    concurrency_policy: String,
    #[serde(rename = "app-in-maintenance")]
    app_in_maintenance: bool,
    #[serde(rename = "task-in-maintenance")]
    task_in_maintenance: bool,
    maintenance: bool,
}

impl View {
    fn of_app(app: &AppName, task: Task) -> Self {
        let maintenance = !task.runs();
        View {
            id: task.id,
            app: Some(app.to_string()),
            command: task.command,
            global: false,
            schedule: task.schedule_text,
            concurrency_policy: task.concurrency_policy,
            app_in_maintenance: task.is_app_in_maintenance,
            task_in_maintenance: task.is_in_maintenance,
            maintenance,
        }
    }

    fn of_plugin(task: Injected) -> Self {
        View {
            id: task.id,
            app: None,
            command: task.command,
            global: true,
            schedule: task.schedule_text,
            concurrency_policy: String::new(),
            app_in_maintenance: false,
            task_in_maintenance: false,
            maintenance: false,
        }
    }

    fn row(&self) -> Vec<String> {
        let maintenance = match (self.task_in_maintenance, self.app_in_maintenance) {
            (true, _) => "true (task)",
            (false, true) => "true (app)",
            (false, false) => "false",
        };
        [&self.id, &self.schedule, &self.concurrency_policy, maintenance, &self.command]
            .map(str::to_owned)
            .to_vec()
    }
}

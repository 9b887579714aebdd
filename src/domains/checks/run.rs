use super::lists::List;
use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::{AppName, Dyno, ProcessType};
use crate::store::processes;
use crate::triggers;

/// Run the checks of an app against the containers it has now
///
/// Example: dokku checks:run shop web,worker.1
#[derive(clap::Args)]
pub struct Run {
    /// Name of the app
    app: AppName,
    /// Only these process types or containers, separated by commas
    #[arg(value_name = "PROCESSES")]
    processes: Option<String>,
}

impl Command for Run {
    const NAME: &'static str = "checks:run";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let app = &self.app;
        ctx.require_app(app)?;
        ctx.out.step("Running pre-flight checks");
        let words = self.processes.unwrap_or_default();
        let words: Vec<&str> = words.split(',').filter(|word| !word.is_empty()).collect();
        if words.is_empty() {
            return types(ctx, app, None).await;
        }
        for word in words {
            match word.parse::<Dyno>() {
                Ok(dyno) => container(ctx, app, &dyno).await?,
                Err(_) => types(ctx, app, Some(word)).await?,
            }
        }
        Ok(())
    }
}

/// All containers of one process type, or of all.
async fn types(ctx: &Ctx, app: &AppName, only: Option<&str>) -> Result {
    let scale = processes::scale(ctx.layout(), app)?.shown();
    let is_wanted = |name: &ProcessType| only.is_none_or(|only| only == name.as_str());
    if let Some(only) = only.filter(|_| !scale.keys().any(is_wanted)) {
        return Err(Failure::user(format!("Invalid process type specified ({app}.{only})")));
    }
    let disabled = List::Disabled.text(ctx, app)?;
    for (process_type, count) in scale.into_iter().filter(|(name, _)| is_wanted(name)) {
        if disabled.split(',').any(|name| name == "_all_" || name == process_type.as_str()) {
            ctx.out
                .step(format!("Zero downtime is disabled for app ({app}.{process_type}). Skipping checks"));
            continue;
        }
        for index in 1..=count {
            container(ctx, app, &Dyno { process_type: process_type.clone(), index }).await?;
        }
    }
    Ok(())
}

async fn container(ctx: &Ctx, app: &AppName, dyno: &Dyno) -> Result {
    let Some(container_id) = processes::container(ctx.layout(), app, dyno)? else {
        return Err(Failure::user(format!("Invalid container index specified ({app}.{dyno})")));
    };
    ctx.out.step(format!("Running checks for app ({app}.{dyno})"));
    let process_type = dyno.process_type.clone();
    let ip = ctx
        .fire(triggers::NetworkGetIpaddr {
            app: app.clone(),
            process_type: process_type.clone(),
            container: container_id.clone(),
        })
        .await?;
    let port = match dyno.process_type.is_web() {
        true => processes::port(ctx.layout(), app, dyno)?.to_string(),
        false => String::new(),
    };
    let index = dyno.index.to_string();
    let ip = ip.trim().to_owned();
    ctx.fire(triggers::CheckDeploy { app: app.clone(), container_id, process_type, port, ip, index }).await
}

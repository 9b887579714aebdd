use super::status::IMAGE_TAG;
use crate::kernel::{Command, Ctx, Failure, Gate, Result, json};
use crate::model::scale::{self, Clear, Quantities};
use crate::model::{AppName, Procfile, Scope};
use crate::store::{Extracted, processes, properties, scaling};
use crate::triggers::{self, is_deployed};

/// Show or change how many containers of each process type run
///
/// Only types whose number changes are deployed. A type that is not in the Procfile cannot be scaled up.
///
/// Example: dokku ps:scale shop web=2 worker=1
#[derive(clap::Args)]
pub struct Scale {
    /// Only remember it: the next deploy does it
    #[arg(long)]
    skip_deploy: bool,
    /// How to show it
    #[arg(long, value_parser = ["stdout", "json"], default_value = "stdout")]
    format: String,
    /// Name of the app
    app: AppName,
    /// What is wanted, such as web=2
    #[arg(value_name = "PROCESS_TYPE=COUNT")]
    words: Vec<String>,
}

impl Command for Scale {
    const NAME: &'static str = "ps:scale";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let app = &self.app;
        ctx.require_app(app)?;
        if self.words.is_empty() {
            return show(ctx, app, &self.format);
        }
        let can_scale = properties::get(ctx.layout(), "ps", &Scope::from(app), "can-scale")?;
        if can_scale.as_deref() == Some("false") {
            return Err(Failure::user(format!(
                "App {app} contains an app.json file with a formations key and cannot be manually scaled"
            )));
        }
        ctx.out.step(format!("Scaling {app} processes: {}", self.words.join(" ")));
        let changes = scale::parse(&self.words)?;
        if scaling::is_abandoned(ctx.layout(), app) {
            scaling::undo(ctx.layout(), app)?;
        }
        if self.skip_deploy || !is_deployed(ctx, app).await? {
            return change(ctx, app, &changes, Clear::Nothing).map(drop);
        }
        let before = processes::scale(ctx.layout(), app)?.shown();
        scaling::begin(ctx.layout(), app, &before, &changes)?;
        let scaled = scale_to(ctx, app, changes).await;
        match &scaled {
            Ok(()) => scaling::forget(ctx.layout(), app)?,
            // What is wanted is what runs: the next deploy is not to fail by it, too.
            Err(_) => scaling::undo(ctx.layout(), app)?,
        }
        scaled
    }
}

async fn scale_to(ctx: &Ctx, app: &AppName, changes: Quantities) -> Result {
    let before = change(ctx, app, &changes, Clear::Nothing)?;
    let changed: Quantities =
        changes.into_iter().filter(|(name, count)| before.get(name) != Some(count)).collect();
    deploy_each(ctx, app, &changed).await
}

fn show(ctx: &Ctx, app: &AppName, format: &str) -> Result {
    let shown = processes::scale(ctx.layout(), app)?.shown();
    if format == "json" {
        let rows: Vec<_> = shown
            .iter()
            .map(|(name, count)| serde_json::json!({ "process_type": name.as_str(), "quantity": count }))
            .collect();
        ctx.out.plain(json::compact(&rows));
        return Ok(());
    }
    let quiet = ctx.out.unless_quiet();
    quiet.step(format!("Scaling for {app}"));
    quiet.plain("proctype: qty");
    quiet.plain("--------: ---");
    for (name, count) in shown {
        let label = format!("{name}:");
        ctx.out.plain(format!("{label:5} {count}"));
    }
    Ok(())
}

/// Changes the scale and returns what it was.
///
/// # Errors
/// When a type is scaled up that the Procfile does not have.
pub fn change(ctx: &Ctx, app: &AppName, changes: &Quantities, clear: Clear) -> Result<Quantities> {
    let pid = ctx.env.get("DOKKU_PID").unwrap_or_default();
    let procfile = Extracted::Procfile.read(ctx.layout(), app, pid)?;
    let procfile = procfile.as_deref().map(Procfile::parse).transpose()?;
    let mut before = Quantities::new();
    processes::change_scale(ctx.layout(), app, |scale| {
        before = scale.shown();
        scale.changed(changes, clear, procfile.as_ref())
    })?;
    Ok(before)
}

/// Deploys these process types, if the app is deployed at all.
///
/// # Errors
/// Whatever goes wrong in the deploy.
pub async fn deploy(ctx: &Ctx, app: &AppName, changed: &Quantities) -> Result {
    if changed.is_empty() || !is_deployed(ctx, app).await? {
        return Ok(());
    }
    deploy_each(ctx, app, changed).await
}

async fn deploy_each(ctx: &Ctx, app: &AppName, changed: &Quantities) -> Result {
    for process_type in changed.keys() {
        let wanted = Some(process_type.clone());
        let image_tag = IMAGE_TAG.to_owned();
        ctx.fire(triggers::Deploy { app: app.clone(), image_tag, process_type: wanted }).await?;
        scaling::done(ctx.layout(), app, process_type)?;
    }
    Ok(())
}

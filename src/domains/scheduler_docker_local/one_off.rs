//! One-off containers: the plan of one, and which there are.

use std::collections::BTreeMap;

use crate::deploy;
use crate::deploy::one_offs::DEADLINE;
use crate::kernel::{Ctx, Failure, Result};
use crate::model::{AppName, ProcessType, RunPlan};
use crate::platform::docker::{ContainerSummary, Filter, Image};
use crate::store::{properties, variables};
use crate::triggers;

/// What is to run.
#[derive(Clone, Debug)]
pub struct OneOff {
    /// Its app.
    pub app: AppName,
    /// `run` or `cron`.
    pub kind: &'static str,
    /// `KEY=VALUE`, beyond the app's own.
    pub env: Vec<String>,
    /// Program and arguments; nothing opens a shell.
    pub command: Vec<String>,
    /// With a terminal.
    pub has_terminal: bool,
    /// Goes on by itself.
    pub is_detached: bool,
}

/// The image of the app's release.
///
/// # Errors
/// When there is none, or only one whose release has failed.
pub async fn release_image(ctx: &Ctx, app: &AppName) -> Result<Image> {
    let name = format!("dokku/{app}:latest");
    let image = deploy::find_image(ctx, &name).await?.ok_or_else(|| {
        Failure::user(format!("App image ({name}) not found"))
            .hint(format!("Deploy {app} first: git push <dokku> <branch>"))
    })?;
    let stage = image.config.labels.get("com.dokku.image-stage").map(String::as_str).unwrap_or_default();
    if stage != "release" {
        return Err(Failure::user(format!(
            "Invalid image stage detected: expected 'release', got '{stage}'"
        ))
        .hint("Successfully deploy your app to fix dokku run calls"));
    }
    Ok(image)
}

/// The plan of the container.
///
/// # Errors
/// When a listener of the `docker-args-*` triggers fails or prints an option that does not exist.
pub async fn plan(ctx: &Ctx, one: &OneOff) -> Result<RunPlan> {
    let app = &one.app;
    let variables = variables::merged(ctx.layout(), &app.into())?;
    let image = format!("dokku/{app}:latest");
    let is_herokuish = deploy::is_herokuish(ctx, app, &image).await?;
    let mut plan = options(ctx, app, &variables).await?;
    let number = ctx.platform.random.below(32768);
    let dyno = format!("{}.{number}", one.kind);
    plan.name = Some(format!("{app}.{dyno}"));
    plan.image = image;
    let mut env: Vec<String> = variables.iter().map(|(key, value)| format!("{key}={value}")).collect();
    env.append(&mut plan.env);
    env.push(format!("DYNO={dyno}"));
    if ctx.out.is_trace() {
        env.push("TRACE=true".to_owned());
    }
    env.extend(one.env.iter().cloned());
    plan.env = env;
    plan.label.extend(labels(ctx, one));
    plan.command = command(ctx, one, &mut plan.label).await?;
    if is_herokuish {
        plan.command.insert(0, "/exec".to_owned());
    }
    plan.rm = ctx.env.get("DOKKU_RM_CONTAINER").is_some();
    plan.tty = one.has_terminal;
    plan.interactive = !one.is_detached || one.has_terminal;
    Ok(plan)
}

fn labels(ctx: &Ctx, one: &OneOff) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::new();
    let mut put = |key: &str, value: &str| {
        labels.insert(key.to_owned(), value.to_owned());
    };
    put("com.dokku.app-name", one.app.as_str());
    put("com.dokku.container-type", one.kind);
    put("dokku", "");
    put("org.label-schema.schema-version", "1.0");
    put("org.label-schema.vendor", "dokku");
    if let Some(seconds) = ctx.env.get("DOKKU_RUN_TTL_SECONDS") {
        put(DEADLINE, seconds);
    }
    if let Some(id) = ctx.env.get("DOKKU_CRON_ID") {
        put("com.dokku.cron-id", id);
        put("com.dokku.concurrency-policy", ctx.env.get("DOKKU_CONCURRENCY_POLICY").unwrap_or("allow"));
    }
    // `dokku --label=a=b run …` puts the label on the container.
    for label in ctx.flags.all.iter().filter_map(|flag| flag.strip_prefix("--label=")) {
        let (key, value) = label.split_once('=').unwrap_or((label, ""));
        put(key, value);
    }
    labels
}

/// The words given, the entry of the Procfile that the first of them names, or a shell.
async fn command(ctx: &Ctx, one: &OneOff, labels: &mut BTreeMap<String, String>) -> Result<Vec<String>> {
    let Some((first, rest)) = one.command.split_first() else {
        let shell =
            properties::computed(ctx.layout(), "scheduler", &(&one.app).into(), "shell", "/bin/bash")?;
        return Ok(vec![shell]);
    };
    if let Ok(process_type) = first.parse::<ProcessType>() {
        let asked =
            triggers::ProcfileGetCommand { app: one.app.clone(), process_type, port: "5000".to_owned() };
        let found = ctx.fire(asked).await?;
        if !found.trim().is_empty() {
            ctx.out.unless_quiet().step(format!("Found '{first}' in Procfile, running that command"));
            labels.insert("com.dokku.process-type".to_owned(), first.clone());
            let words = shell_words::split(found.trim()).map_err(|error| {
                Failure::user(format!("Cannot split the command of {first}: {error}: {found}"))
            })?;
            return Ok(words.into_iter().chain(rest.iter().cloned()).collect());
        }
    }
    Ok(one.command.clone())
}

async fn options(ctx: &Ctx, app: &AppName, variables: &variables::Variables) -> Result<RunPlan> {
    let builder = properties::get(ctx.layout(), "builder", &app.into(), "detected")?;
    let image_tag = "latest".to_owned();
    let by_run = triggers::DockerArgsRun { app: app.clone(), image_tag: image_tag.clone() };
    let by_process = triggers::DockerArgsProcessRun {
        app: app.clone(),
        builder: builder.unwrap_or_else(|| "dockerfile".to_owned()),
        image_tag,
    };
    let text = triggers::options([ctx.fire(by_run).await?, ctx.fire(by_process).await?]);
    let mut plan = RunPlan::default();
    deploy::add_options(ctx, &mut plan, &text, variables)?;
    Ok(plan)
}

/// The one-off containers of an app, newest first.
///
/// # Errors
/// When the engine cannot be asked.
pub async fn list(ctx: &Ctx, app: &AppName) -> Result<Vec<ContainerSummary>> {
    let filter =
        Filter::label(format!("com.dokku.app-name={app}")).and("label", "com.dokku.container-type=run");
    Ok(ctx.platform.docker.list_containers(&filter).await?)
}

/// The app in the name of a one-off container, `APP.run.N`.
///
/// # Errors
/// When it is no such name.
pub fn app_of(name: &str) -> Result<AppName> {
    let wrong = || Failure::user(format!("Invalid container name specified: {name}"));
    let mut parts = name.rsplitn(3, '.');
    let (number, kind, app) = (parts.next(), parts.next(), parts.next());
    let app = app.ok_or_else(wrong)?;
    number.filter(|number| number.parse::<u32>().is_ok()).ok_or_else(wrong)?;
    if kind != Some("run") {
        return Err(Failure::user("Specified container must be a run container"));
    }
    Ok(app.parse()?)
}

#[cfg(test)]
mod tests {
    use super::app_of;

    #[test]
    fn the_app_is_read_from_the_name() {
        assert_eq!(app_of("my.shop.run.17").expect("a name").as_str(), "my.shop");
        for name in ["shop", "shop.run.x", "shop.web.1", "run.1", ""] {
            assert!(app_of(name).is_err(), "{name}");
        }
    }
}

use std::time::Duration;

use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::run_plan::{NetworkJoin, RestartPolicy};
use crate::model::{RunPlan, Scope};
use crate::platform::docker::{Registry, RemoveContainer, login_for, read_logins};
use crate::triggers;

use super::properties::PROPERTIES;
use super::vector::{self, CONTAINER};

/// How long it must run to be taken for well.
const WITHIN: Duration = Duration::from_secs(10);

/// Start the log shipper, which sends what apps write to their vector-sink
///
/// One that runs is replaced if another image or other networks were asked for since.
#[derive(clap::Args)]
pub struct VectorStart {
    /// Its image, instead of the property vector-image
    #[arg(long, value_name = "IMAGE")]
    vector_image: Option<String>,
}

impl Command for VectorStart {
    const NAME: &'static str = "logs:vector-start";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let out = &ctx.out;
        out.heading("Starting vector container");
        out.detail("Ensuring vector configuration exists");
        vector::write(ctx)?;
        let image = match self.vector_image.filter(|image| !image.is_empty()) {
            Some(image) => image,
            None => PROPERTIES.computed(ctx, &Scope::Global, "vector-image")?,
        };
        refuse_template(ctx).await?;
        let plan = plan(ctx, &image)?;
        out.detail("Starting vector container");
        replace(ctx, &plan).await?;
        out.detail("Waiting for 10 seconds");
        if !stays(ctx).await? {
            return Err(Failure::user(
                "Vector container did not start properly, run logs:vector-logs for more details",
            ));
        }
        out.detail("Vector container is running");
        Ok(())
    }
}

/// A plugin may bring a compose template of its own for the container. Ours is none, so that it cannot take its place.
async fn refuse_template(ctx: &Ctx) -> Result {
    let template = ctx.fire(triggers::VectorTemplateSource {}).await?;
    let template = template.trim();
    if template.is_empty() {
        return Ok(());
    }
    Err(Failure::user(format!("The compose template {template} of a plugin cannot be used for vector here")).hint(
        "Disable the plugin that names it (vector-template-source); image and networks are properties of logs",
    ))
}

/// What Dokku's compose file says, as one container.
fn plan(ctx: &Ctx, image: &str) -> Result<RunPlan> {
    let host_path = |on_host: &str, inside: &str| {
        let given = |name: &str| ctx.env.get(name).filter(|path| !path.is_empty()).map(str::to_owned);
        given(on_host).or_else(|| given(inside))
    };
    let library = host_path("DOKKU_LIB_HOST_ROOT", "DOKKU_LIB_ROOT")
        .unwrap_or_else(|| ctx.layout().lib.display().to_string());
    let logs = host_path("DOKKU_LOGS_HOST_DIR", "DOKKU_LOGS_DIR")
        .unwrap_or_else(|| ctx.layout().logs.display().to_string());
    let mut plan = RunPlan::of_image(image);
    plan.name = Some(CONTAINER.to_owned());
    plan.command = ["--config", "/etc/vector/vector.json", "--watch-config"].map(str::to_owned).to_vec();
    plan.label = [
        ("dokku", ""),
        ("com.docker.compose.project", "vector"),
        ("com.docker.compose.service", "vector"),
        ("org.label-schema.schema-version", "1.0"),
        ("org.label-schema.vendor", "dokku"),
    ]
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .into();
    plan.volume = vec![
        format!("{library}/data/logs:/etc/vector"),
        "/var/run/docker.sock:/var/run/docker.sock:ro".to_owned(),
        format!("{logs}/apps:/var/log/dokku/apps"),
    ];
    let networks = PROPERTIES.computed(ctx, &Scope::Global, "vector-networks")?;
    let names = networks.split(',').map(str::trim).filter(|name| !name.is_empty());
    plan.network =
        names.map(|name| NetworkJoin { name: name.to_owned(), ..NetworkJoin::default() }).collect();
    plan.restart = Some(RestartPolicy::UnlessStopped);
    Ok(plan)
}

/// Puts the container in the place of the one before. That one goes only when the image is there.
async fn replace(ctx: &Ctx, plan: &RunPlan) -> Result {
    let docker = &ctx.platform.docker;
    if let Err(error) = docker.inspect_image(&plan.image).await {
        if !error.is_not_found() {
            return Err(error.into());
        }
        let logins = read_logins(&ctx.layout().root.join(".docker/config.json"))?;
        let from = Registry { login: login_for(&plan.image, &logins), platform: None };
        let out = ctx.out.clone();
        docker.pull_image(&plan.image, from, &mut |line: &str| out.debug(line)).await?;
    }
    match docker.remove_container(CONTAINER, RemoveContainer { force: true, volumes: true }).await {
        Err(error) if !error.is_not_found() => return Err(error.into()),
        Ok(()) | Err(_) => {}
    }
    docker.create_container(plan).await?;
    Ok(docker.start_container(CONTAINER).await?)
}

/// Whether it runs without having been started again.
async fn stays(ctx: &Ctx) -> Result<bool> {
    for _ in 0..WITHIN.as_secs() {
        let container = ctx.platform.docker.inspect_container(CONTAINER).await?;
        if !container.state.running || container.state.restarting || container.restart_count > 0 {
            return Ok(false);
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Ok(true)
}

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::deploy::companion::{self, Started, Template};
use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::template::Value;
use crate::model::{RunPlan, Scope};
use crate::triggers;

use super::properties::PROPERTIES;
use super::vector::{self, COMPANION};

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
        let plan = plan(ctx, &image).await?;
        out.detail("Starting vector container");
        let Started { id, ran_already } = companion::start(ctx, COMPANION, &plan).await?;
        if !ran_already {
            out.detail("Waiting for 10 seconds");
        }
        if !stays(ctx, &id, if ran_already { Duration::ZERO } else { WITHIN }).await? {
            return Err(Failure::user(
                "Vector container did not start properly, run logs:vector-logs for more details",
            ));
        }
        out.detail("Vector container is running");
        Ok(())
    }
}

/// What the container is: as our compose file says, or that of a plugin.
async fn plan(ctx: &Ctx, image: &str) -> Result<RunPlan> {
    let host_path = |on_host: &str, inside: &str| {
        let given = |name: &str| ctx.env.get(name).filter(|path| !path.is_empty()).map(str::to_owned);
        given(on_host).or_else(|| given(inside))
    };
    let library = host_path("DOKKU_LIB_HOST_ROOT", "DOKKU_LIB_ROOT")
        .unwrap_or_else(|| ctx.layout().lib.display().to_string());
    let logs = host_path("DOKKU_LOGS_HOST_DIR", "DOKKU_LOGS_DIR")
        .unwrap_or_else(|| ctx.layout().logs.display().to_string());
    let networks = PROPERTIES.computed(ctx, &Scope::Global, "vector-networks")?;
    let networks = networks.split(',').map(str::trim).filter(|name| !name.is_empty());
    let variables = [
        ("DokkuLibRoot", companion::literal(&library)),
        ("DokkuLogsDir", companion::literal(&logs)),
        ("VectorImage", companion::literal(image)),
        ("VectorNetworks", Value::texts(networks)),
    ];
    let source = ctx.fire(triggers::VectorTemplateSource {}).await?;
    let text = companion::render(Template {
        ours: include_str!("compose.yml.sigil"),
        source,
        variables: variables.map(|(name, value)| (name.to_owned(), value)).into(),
    })?;
    companion::plan(ctx, COMPANION, &text)
}

/// Whether it runs, and is not started again within that time.
async fn stays(ctx: &Ctx, id: &str, within: Duration) -> Result<bool> {
    let docker = &ctx.platform.docker;
    let before = docker.inspect_container(id).await?.restart_count;
    let deadline = Instant::now() + within;
    loop {
        let container = docker.inspect_container(id).await?;
        if !container.state.running || container.state.restarting || container.restart_count > before {
            return Ok(false);
        }
        if Instant::now() >= deadline {
            return Ok(true);
        }
        sleep_until((Instant::now() + Duration::from_secs(1)).min(deadline)).await;
    }
}

use crate::kernel::{Command, Ctx, Gate, Result};
use crate::platform::docker::RemoveContainer;

use super::vector::CONTAINER;

/// Stop and remove the log shipper
#[derive(clap::Args)]
pub struct VectorStop {}

impl Command for VectorStop {
    const NAME: &'static str = "logs:vector-stop";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.out.unless_quiet().heading("Stopping and removing vector container");
        let docker = &ctx.platform.docker;
        match docker.stop_container(CONTAINER, None).await {
            // What is gone already is what was wanted.
            Err(error) if error.is_not_found() => return Ok(()),
            stopped => stopped?,
        }
        Ok(docker.remove_container(CONTAINER, RemoveContainer { force: true, volumes: true }).await?)
    }
}

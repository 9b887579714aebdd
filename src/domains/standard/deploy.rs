use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::{AppName, ProcessType};
use crate::triggers;

/// Deploy the image that an app has
///
/// Nothing is built. Scripts use it; people rather restart an app, by `ps:restart`.
#[derive(clap::Args)]
pub struct Deploy {
    /// Name of the app
    app: AppName,
    /// The tag of its image
    #[arg(default_value = "latest")]
    image_tag: String,
    /// Only this process type
    process_type: Option<ProcessType>,
}

impl Command for Deploy {
    const NAME: &'static str = "deploy";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let Deploy { app, image_tag, process_type } = self;
        ctx.require_app(&app)?;
        ctx.fire(triggers::Deploy { app, image_tag, process_type }).await
    }
}

use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::triggers;

/// Deploy an app from an image
///
/// A Dockerfile that takes the image becomes the app's code. An image that is here is not pulled again, unless
/// `--force` is given.
///
/// Example: dokku git:from-image shop registry.example.com/shop:1.2
#[derive(clap::Args)]
pub struct FromImage {
    /// A folder on the server whose files go into the build
    #[arg(long, value_name = "FOLDER", default_value = "")]
    build_dir: String,
    /// Pull the image even if it is here
    #[arg(long)]
    force: bool,
    /// Name of the app
    app: AppName,
    /// The image
    #[arg(default_value = "")]
    image: String,
    /// Who makes the commit
    #[arg(default_value = "")]
    user_name: String,
    /// The address of who makes it
    #[arg(default_value = "")]
    user_email: String,
}

impl Command for FromImage {
    const NAME: &'static str = "git:from-image";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        let ctx = if self.force { ctx.with_env("DOKKU_APPS_FORCE_DELETE", "1") } else { ctx.clone() };
        let FromImage { build_dir, app, image, user_name, user_email, .. } = self;
        deploy(
            &ctx,
            "git:from-image",
            triggers::GitFromImage { app, image, build_dir, user_name, user_email },
        )
        .await
    }
}

/// Deploys the image, and remembers where the app came from.
///
/// # Errors
/// Whatever goes wrong in the build or the deploy.
pub async fn deploy(ctx: &Ctx, source: &str, trigger: triggers::GitFromImage) -> Result {
    if trigger.image.is_empty() {
        return Err(Failure::user("Please specify a docker image"));
    }
    let (app, image) = (trigger.app.clone(), trigger.image.clone());
    ctx.with_env("DOKKU_BUILD_SOURCE", source).fire(trigger).await?;
    ctx.fire(triggers::DeploySourceSet { app, source_type: "docker-image".to_owned(), metadata: image }).await
}

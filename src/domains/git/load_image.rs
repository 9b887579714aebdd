use futures_util::StreamExt;

use super::from_image;
use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::triggers;

/// Deploy an app from an image that comes on standard input, as `docker save` writes it
///
/// Example: docker save shop:1.2 | ssh dokku@host git:load-image shop shop:1.2
#[derive(clap::Args)]
pub struct LoadImage {
    /// A folder on the server whose files go into the build
    #[arg(long, value_name = "FOLDER", default_value = "")]
    build_dir: String,
    /// Name of the app
    app: AppName,
    /// The image, under the name it has in the archive
    #[arg(default_value = "")]
    image: String,
    /// Who makes the commit
    #[arg(default_value = "")]
    user_name: String,
    /// The address of who makes it
    #[arg(default_value = "")]
    user_email: String,
}

impl Command for LoadImage {
    const NAME: &'static str = "git:load-image";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let LoadImage { build_dir, app, image, user_name, user_email } = self;
        ctx.require_app(&app)?;
        if image.is_empty() {
            return Err(Failure::user("Please specify a docker image"));
        }
        if ctx.platform.stdin.is_terminal() {
            return Err(Failure::user("Expecting tar archive containing docker image on STDIN"));
        }
        let (docker, out) = (&ctx.platform.docker, ctx.out.clone());
        let archive = ctx.platform.stdin.pieces().map(Ok).boxed();
        docker.load_image(archive, &mut |line: &str| out.plain(line)).await?;
        if let Err(error) = docker.inspect_image(&image).await {
            let missing =
                format!("Loaded image tarball but the specified docker image was not found: {image}");
            return Err(if error.is_not_found() { Failure::user(missing) } else { error.into() });
        }
        let trigger = triggers::GitFromImage { app, image, build_dir, user_name, user_email };
        from_image::deploy(ctx, "git:load-image", trigger).await
    }
}

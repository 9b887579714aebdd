//! The release of a built image: from here on its containers run as the app's user, to whom all its files belong.

use crate::deploy::{BuildContainer, Stage, find_image, image_name};
use crate::kernel::{Ctx, Failure, Result};
use crate::model::{AppName, RunPlan};

use super::{BUILDER, account};

/// Gives the user, the one argument, what tasks and plugins have left in the app's folder.
const GIVE: &str = "find /app '(' '!' -user \"$1\" -o '!' -group \"$1\" ')' -exec chown -h \"$1:$1\" '{}' +";

/// Releases the app's image. One that was released before has nothing left to be done.
///
/// # Errors
/// When the image cannot be made.
pub async fn release(ctx: &Ctx, app: &AppName) -> Result {
    let name = image_name(app, None);
    let Some(image) = find_image(ctx, &name).await? else { return Ok(()) };
    let user = account::user(ctx, app)?;
    if image.config.user == user && image.label("com.dokku.image-stage") == Some("release") {
        return Ok(());
    }
    let command = ["/bin/sh", "-c", GIVE, "sh", &user].map(str::to_owned).to_vec();
    let plan = RunPlan { command, user: Some("root".to_owned()), ..RunPlan::of_image(&name) };
    let container = BuildContainer::create(ctx, app, BUILDER, plan).await?;
    let released = finish(ctx, &container, &user, &image.config.cmd).await;
    container.remove().await;
    released
}

async fn finish(ctx: &Ctx, container: &BuildContainer<'_>, user: &str, command: &[String]) -> Result {
    let status = container.attend(|_, line| ctx.out.plain(line)).await?;
    if status != 0 {
        return Err(Failure::user(format!("Failure giving the app's files to {user}"))
            .hint(format!("chown ended with status {status}; what it said stands above")));
    }
    let words = serde_json::to_string(command).expect("a list of texts is always JSON");
    let changes =
        vec![format!("USER {user}"), "ENV HEROKUISH_SETUIDGUID=false".to_owned(), format!("CMD {words}")];
    container.commit(Stage::Release, changes).await
}

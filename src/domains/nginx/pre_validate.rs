//! An app's own template tried before anything is built: a mistake in it ends the push at once.

use super::own_template::{self, OwnTemplate};
use super::plan::{self, Plan};
use crate::kernel::{Ctx, Failure, Result, Stream};
use crate::model::AppName;

/// What stands for the containers while there are none to name.
const PLACEHOLDER: &str = "127.0.0.1:5000";

/// Renders the template and has nginx look at what comes out, with a placeholder for containers that are not there
/// yet.
///
/// # Errors
/// When either refuses it; both the text and the words are shown before.
pub async fn pre_validate(ctx: &Ctx, app: &AppName, own: &OwnTemplate) -> Result {
    ctx.out.step("Pre-validating custom nginx.conf.sigil");
    let plan = trial(ctx, app).await?;
    let text = match own.render(ctx, app, &plan).await {
        Ok(text) => text,
        Err(failure) => {
            ctx.out.warn("Failed to render custom nginx.conf.sigil. Contents below...");
            let _ = ctx.out.raw(Stream::Stdout, own.text().as_bytes());
            ctx.out.warn(failure.message);
            return Err(refused("The nginx.conf.sigil of this push cannot be rendered", app, own));
        }
    };
    let Some(words) = ctx.platform.proxy.check(&ctx.layout().control_socket(), app, &text).await? else {
        return Ok(());
    };
    ctx.out.warn("Failed to validate custom nginx.conf.sigil. Rendered output below...");
    // Whoever reads may have seen enough.
    let _ = ctx.out.raw(Stream::Stdout, text.as_bytes());
    words.lines().for_each(|line| ctx.out.plain_error(line));
    ctx.out.warn("Custom nginx.conf.sigil failed nginx -t validation");
    Err(refused("nginx refuses the nginx.conf.sigil of this push", app, own))
}

/// In other words than Dokku's line before it: git repeats these, and who counts that line is to find it once.
fn refused(why: &str, app: &AppName, own: &OwnTemplate) -> Failure {
    Failure::user(why).hint(own.way_out(app))
}

/// What is wrong with the template that the app runs by: what its next deploy, or any change of a domain or port,
/// would meet. `None` when it is sound, or the app has none.
///
/// # Errors
/// When what it is made of cannot be read.
pub async fn fault(ctx: &Ctx, app: &AppName) -> Result<Option<String>> {
    let plan = plan::make(ctx, app).await?;
    let Some(own) = own_template::find(ctx, app, &plan).await? else { return Ok(None) };
    match own.render(ctx, app, &plan).await {
        Ok(text) => Ok(ctx.platform.proxy.check(&ctx.layout().control_socket(), app, &text).await?),
        Err(failure) => Ok(Some(failure.message)),
    }
}

async fn trial(ctx: &Ctx, app: &AppName) -> Result<Plan> {
    ctx.silenced().fire(crate::triggers::PortsConfigure { app: app.clone() }).await?;
    let mut plan = plan::make(ctx, app).await?;
    if !plan.is_running {
        plan.listeners_placeholder = PLACEHOLDER.to_owned();
    }
    Ok(plan)
}

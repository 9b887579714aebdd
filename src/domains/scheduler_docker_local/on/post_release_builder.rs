use crate::kernel::{Ctx, Reaction, Result};
use crate::model::{AppJson, ProcessType};
use crate::triggers;
use crate::triggers::{DOCKER_LOCAL, scheduler_of};

/// Says how the web process will be checked (contract: output.md section 6, item 12).
pub struct Precheck;

impl Reaction for Precheck {
    type Trigger = triggers::PostReleaseBuilder;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        if scheduler_of(ctx, &trigger.app).await? != DOCKER_LOCAL {
            return Ok(());
        }
        ctx.out.heading("Processing deployment checks");
        let text = ctx.fire(triggers::AppJsonGetContent { app: trigger.app.clone() }).await?;
        if AppJson::parse(&text)?.checks(&ProcessType::web()).is_empty() {
            let url = ctx.env.get("DOKKU_CHECKS_URL");
            let url = url.unwrap_or("https://dokku.com/docs/deployment/zero-downtime-deploys/");
            ctx.out
                .detail("No web healthchecks found in app.json. Simple container checks will be performed.");
            ctx.out.detail(format!(
                "For more efficient zero downtime deployments, add healthchecks to your app.json. See {url} for examples"
            ));
        }
        Ok(())
    }
}

use std::marker::PhantomData;

use super::is_ours;
use crate::deploy::proxies::{LabelProxy, Web, labels, reach};
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::{ProcessType, Scope, docker_args};
use crate::triggers;

/// Gives web containers the labels that tell the proxy of them, and those of the user.
pub struct Label<P>(PhantomData<P>);

impl<P: LabelProxy> Reaction for Label<P> {
    type Trigger = triggers::DockerArgsProcessDeploy;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        let app = &trigger.app;
        let is_web = trigger.process_type.as_ref().is_some_and(ProcessType::is_web);
        if !is_web || !is_ours::<P>(ctx, app).await? {
            return Ok(String::new());
        }
        let is_enabled = ctx.fire(triggers::ProxyIsEnabled { app: app.clone() }).await?;
        if !is_enabled
            || ctx.silenced().fire(triggers::DomainsVhostEnabled { app: app.clone() }).await.is_err()
        {
            return Ok(String::new());
        }
        let email = P::TABLE.properties.computed(ctx, &Scope::Global, "letsencrypt-email")?;
        let mut web = Web::of(ctx, app, !email.is_empty()).await?;
        web.network = reach::meeting_place(ctx, P::TABLE.name, app).await?;
        let mut all = P::labels(ctx, &web).await?;
        // Last: of two values for one label docker takes the later.
        all.extend(labels::read(ctx, P::TABLE.name, app)?);
        let option = |(key, value): (String, String)| {
            format!(" {}", docker_args::quote(&format!("--label={key}={value}")))
        };
        Ok(all.into_iter().map(option).collect())
    }
}

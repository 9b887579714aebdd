use crate::deploy::JUST_MADE;
use crate::domains::network::{address, listeners};
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::{AppName, ProcessType};
use crate::platform::files;
use crate::store::addresses;
use crate::triggers;

/// Brings the remembered addresses up to date with what the engine says. An address that the engine
/// does not know (the container is down or gone) stays as it was: the proxy then says so by itself. Nor is it asked
/// for what the deploy around us has just written.
pub struct Sync;

impl Reaction for Sync {
    type Trigger = triggers::NetworkBuildConfig;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let app = &trigger.app;
        if !listeners::fixed(ctx, app)?.is_empty() {
            return Ok(());
        }
        let containers: Vec<(ProcessType, u32)> = files::names(&ctx.layout().app(app))?
            .iter()
            .filter_map(|name| name.strip_prefix("CONTAINER.")?.rsplit_once('.'))
            .filter_map(|(process_type, index)| Some((process_type.parse().ok()?, index.parse().ok()?)))
            .collect();
        if !containers.is_empty() {
            ctx.out.step(format!("Ensuring network configuration is in sync for {app}"));
        }
        for (process_type, index) in containers {
            sync(ctx, app, &process_type, index).await?;
        }
        Ok(())
    }
}

async fn sync(ctx: &Ctx, app: &AppName, process_type: &ProcessType, index: u32) -> Result {
    let layout = ctx.layout();
    let id = files::read_text(&layout.container(app, process_type, index))?.unwrap_or_default();
    let just_made = ctx.env.get(JUST_MADE).unwrap_or_default();
    if just_made.split(' ').any(|made| made == id.trim()) {
        return Ok(());
    }
    let Ok(now) = address::of(ctx, app, process_type, id.trim()).await else { return Ok(()) };
    let known = files::read_text(&layout.container_ip(app, process_type, index))?;
    if !now.is_empty() && known.as_deref() != Some(now.as_str()) {
        addresses::write_address(layout, app, process_type, index, &now)?;
    }
    Ok(())
}

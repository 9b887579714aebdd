//! What all of these proxies do when something happens to an app.

mod certs_force;
mod core_post_deploy;
mod docker_args_process_deploy;
mod post_app_clone_setup;
mod post_app_rename_setup;
mod post_delete;
mod post_domains_update;
mod post_proxy_ports_update;
mod pre_restore;
mod proxy_disable;
mod proxy_enable;

pub use certs_force::Force;
pub use core_post_deploy::Lead;
pub use docker_args_process_deploy::Label;
pub use post_app_clone_setup::Copy;
pub use post_app_rename_setup::Move;
pub use post_delete::Forget;
pub use post_domains_update::Domains;
pub use post_proxy_ports_update::Ports;
pub use pre_restore::Restore;
pub use proxy_disable::TurnOff;
pub use proxy_enable::TurnOn;

use super::LabelProxy;
use crate::kernel::{Ctx, Result, Trigger};
use crate::model::{AppName, Scope};
use crate::store::{processes, properties};
use crate::triggers;

/// True when this proxy leads to the app. All four ask that at each step of each deploy: where no plugin has a say, the
/// setting is all there is to know.
async fn is_ours<P: LabelProxy>(ctx: &Ctx, app: &AppName) -> Result<bool> {
    let has_say = |trigger| -> Result<bool> { Ok(!ctx.bus.externals(ctx.layout(), trigger)?.is_empty()) };
    if has_say(triggers::ProxyType::NAME)? || has_say(triggers::ProxyOffer::NAME)? {
        return Ok(ctx.fire(triggers::ProxyType { app: app.clone() }).await? == P::TABLE.name);
    }
    Ok(properties::computed(ctx.layout(), "proxy", &Scope::from(app), "type", "")? == P::TABLE.name)
}

/// Says that what was changed holds from the next deploy on: labels are given to containers once.
async fn say_when<P: LabelProxy>(ctx: &Ctx, app: &AppName) -> Result {
    if is_ours::<P>(ctx, app).await? && !processes::running(ctx.layout(), app)?.is_empty() {
        ctx.out.detail(format!("{} learns of it by the next deploy, or by: ps:rebuild {app}", P::TABLE.name));
    }
    Ok(())
}

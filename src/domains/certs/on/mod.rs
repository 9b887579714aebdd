//! Reactions to triggers, one file each.

pub mod certs_exists;
pub mod certs_get;
pub mod certs_remove;
pub mod certs_set;

use crate::kernel::{Ctx, Result};
use crate::model::AppName;
use crate::triggers::PostDomainsUpdate;

/// Has the app's addresses follow its certificate.
async fn tell(ctx: &Ctx, app: &AppName) -> Result {
    ctx.fire(PostDomainsUpdate { app: app.clone(), action: String::new(), domains: Vec::new() }).await
}

//! The network that containers are made in.

use super::properties::PROPERTIES;
use crate::kernel::{Ctx, Result};
use crate::model::{AppName, Scope};

/// The docker option for the app's initial network; empty without one.
///
/// # Errors
/// When the property cannot be read.
pub fn option(ctx: &Ctx, app: &AppName) -> Result<String> {
    let network = PROPERTIES.computed(ctx, &Scope::from(app), "initial-network")?;
    Ok(if network.is_empty() { network } else { format!(" --network={network}") })
}

use crate::domains::certs::{given, install};
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Takes over a certificate and its key from files.
pub struct Set;

impl Reaction for Set {
    type Trigger = triggers::CertsSet;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        ctx.require_app(&trigger.app)?;
        let pair = given::from_files(&trigger.crt_file, &trigger.key_file)?;
        install::checked(ctx, &trigger.app, &pair).await
    }
}

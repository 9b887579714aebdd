use std::marker::PhantomData;

use super::is_ours;
use crate::deploy::proxies::LabelProxy;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::triggers;

/// Says that the proxy gets certificates by itself, once it knows for whom.
pub struct Force<P>(PhantomData<P>);

impl<P: LabelProxy> Reaction for Force<P> {
    type Trigger = triggers::CertsForce;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        if !is_ours::<P>(ctx, &trigger.app).await? {
            return Ok(String::new());
        }
        let email = P::TABLE.properties.computed(ctx, &Scope::Global, "letsencrypt-email")?;
        Ok(if email.is_empty() { String::new() } else { "true\n".to_owned() })
    }
}

use crate::domains::domains::urls::{self, Which};
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// The addresses of an app.
pub struct Urls;

impl Reaction for Urls {
    type Trigger = triggers::DomainsUrls;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<Vec<String>> {
        urls::of_app(ctx, &trigger.app, Which::parse(&trigger.url_type)?).await
    }
}

use std::marker::PhantomData;

use super::stored;
use crate::deploy::proxies::LabelProxy;
use crate::kernel::{Command, Ctx, Gate, Result};

/// Remove a label that was added for the containers of an app
///
/// Containers lose it with the app's next deploy, or by ps:rebuild.
#[derive(clap::Args)]
pub struct Remove<P: LabelProxy> {
    /// Name of the app
    #[arg(default_value = "", hide_default_value = true)]
    app: String,
    /// Name of the label
    #[arg(default_value = "", hide_default_value = true)]
    label: String,
    #[arg(skip)]
    proxy: PhantomData<P>,
}

impl<P: LabelProxy> Command for Remove<P> {
    const NAME: &'static str = P::TABLE.commands.labels_remove;
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let app = stored::app_and_label(ctx, &self.app, &self.label)?;
        stored::change(ctx, P::TABLE.name, &app, &self.label, None)
    }
}

use std::marker::PhantomData;

use super::stored;
use crate::deploy::proxies::LabelProxy;
use crate::kernel::{Command, Ctx, Failure, Gate, Result};

/// Add a label to the containers of an app
///
/// The proxy learns of it with the app's next deploy, or by ps:rebuild. A label that is there already gets the new value.
#[derive(clap::Args)]
pub struct Add<P: LabelProxy> {
    /// Name of the app
    #[arg(default_value = "", hide_default_value = true)]
    app: String,
    /// Name of the label
    #[arg(default_value = "", hide_default_value = true)]
    label: String,
    /// Its value
    #[arg(default_value = "", hide_default_value = true, allow_hyphen_values = true)]
    value: String,
    #[arg(skip)]
    proxy: PhantomData<P>,
}

impl<P: LabelProxy> Command for Add<P> {
    const NAME: &'static str = P::TABLE.commands.labels_add;
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        if !self.label.is_empty() && self.value.is_empty() {
            return Err(Failure::user("Please specify a value for the container label"));
        }
        if self.value.contains(['\n', '\r']) {
            return Err(Failure::user("The value of a label must be one line"));
        }
        let app = stored::app_and_label(ctx, &self.app, &self.label)?;
        stored::change(ctx, P::TABLE.name, &app, &self.label, Some(&self.value))
    }
}

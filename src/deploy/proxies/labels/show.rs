use std::marker::PhantomData;

use super::stored;
use crate::deploy::proxies::LabelProxy;
use crate::kernel::{Command, Ctx, Gate, Result};

/// Show the labels that were added for the containers of an app, or the value of one
#[derive(clap::Args)]
pub struct Show<P: LabelProxy> {
    /// Name of the app
    #[arg(default_value = "", hide_default_value = true)]
    app: String,
    /// Only this one's value; nothing for one that is not there
    label: Option<String>,
    #[arg(skip)]
    proxy: PhantomData<P>,
}

impl<P: LabelProxy> Command for Show<P> {
    const NAME: &'static str = P::TABLE.commands.labels_show;
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let app = stored::existing(ctx, &self.app)?;
        let name = P::TABLE.name;
        let labels = stored::read(ctx, name, &app)?;
        if let Some(label) = self.label.filter(|label| !label.is_empty()) {
            for (_, value) in labels.iter().filter(|(key, _)| *key == label) {
                ctx.out.plain(value);
            }
            return Ok(());
        }
        if labels.is_empty() {
            ctx.out.unless_quiet().warn(format!("No {name} labels set for {app}"));
            return Ok(());
        }
        ctx.out.unless_quiet().heading(format!("{app} {name} labels"));
        for (key, value) in labels {
            ctx.out.detail(format!("{key}={value}"));
        }
        Ok(())
    }
}

use std::marker::PhantomData;

use super::{LabelProxy, variables};
use crate::deploy::companion::{self, Template};
use crate::kernel::{Command, Ctx, Gate, Result, Stream};

/// Print the compose file that says how the proxy runs
///
/// No compose is needed: the container is made of it directly.
#[derive(clap::Args)]
pub struct ShowConfig<P: LabelProxy> {
    /// Any app: there is one file for all
    #[arg(hide = true)]
    app: Option<String>,
    #[arg(skip)]
    proxy: PhantomData<P>,
}

impl<P: LabelProxy> Command for ShowConfig<P> {
    const NAME: &'static str = P::TABLE.commands.show_config;
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let text = compose_file::<P>(ctx).await?;
        // Whoever reads may have seen enough.
        let _ = ctx.out.raw(Stream::Stdout, text.as_bytes());
        Ok(())
    }
}

/// The compose file.
///
/// # Errors
/// When a plugin's template is not there, or is wrong.
pub(super) async fn compose_file<P: LabelProxy>(ctx: &Ctx) -> Result<String> {
    let source = P::template_source(ctx).await?;
    let mut told = variables(ctx, P::TABLE)?;
    told.extend(P::variables(ctx)?);
    let named =
        |(name, value): (&str, String)| (format!("{}_{name}", P::TABLE.prefix), companion::literal(&value));
    let variables = told.into_iter().map(named).collect();
    companion::render(Template { ours: P::TABLE.template, source, variables })
}

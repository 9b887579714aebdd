use std::marker::PhantomData;

use super::LabelProxy;
use super::start::STATUS;
use crate::deploy::companion;
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::Scope;
use crate::store::properties;

/// Stop the proxy, and remove its container
///
/// What it keeps on disk, such as certificates, stays.
#[derive(clap::Args)]
pub struct Stop<P: LabelProxy> {
    #[arg(skip)]
    proxy: PhantomData<P>,
}

impl<P: LabelProxy> Command for Stop<P> {
    const NAME: &'static str = P::TABLE.commands.stop;
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let name = P::TABLE.name;
        ctx.out.unless_quiet().step(format!("Stopping {name}"));
        properties::set(ctx.layout(), name, &Scope::Global, STATUS, "stopped")?;
        companion::stop(ctx, name).await
    }
}

use std::marker::PhantomData;

use super::LabelProxy;
use crate::deploy::companion;
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::platform::docker;

/// Show what the proxy itself wrote
#[derive(clap::Args)]
pub struct Logs<P: LabelProxy> {
    /// So many lines
    #[arg(long, short, default_value_t = 100)]
    num: u64,
    /// Go on until interrupted
    #[arg(long, short)]
    tail: bool,
    #[arg(skip)]
    proxy: PhantomData<P>,
}

impl<P: LabelProxy> Command for Logs<P> {
    const NAME: &'static str = P::TABLE.commands.logs;
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let wanted = docker::Logs { tail: Some(self.num), follow: self.tail, ..docker::Logs::default() };
        companion::print_logs(ctx, P::TABLE.name, &wanted, P::TABLE.commands.start).await
    }
}

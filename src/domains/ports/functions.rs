//! What the shell functions call that have to do with ports.

use crate::kernel::{BoxFuture, Ctx, Function, Result};
use crate::triggers::PortsGetAvailable;

/// All of them, alphabetical.
pub const ALL: &[Function] = &[Function::own("get_available_port", available)];

/// `get_available_port`: a port that nobody listens on.
fn available(ctx: Ctx, _: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        ctx.out.plain(ctx.fire(PortsGetAvailable {}).await?);
        Ok(())
    })
}

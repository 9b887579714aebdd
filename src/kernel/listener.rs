//! A reaction to a trigger: native code in a domain, or a plugin's executable.

use std::future::Future;
use std::path::PathBuf;

use super::bus::Plugin;
use super::command::BoxFuture;
use super::ctx::Ctx;
use super::failure::Result;
use super::payload::Payload;
use super::trigger::Trigger;

/// A native reaction: a unit type in a file under the domain's `on/`.
pub trait Reaction: Send + Sync + 'static {
    /// What it reacts to.
    type Trigger: Trigger;

    /// Reacts. The value travels as standard output to whoever fired.
    fn react(
        ctx: &Ctx,
        trigger: &Self::Trigger,
    ) -> impl Future<Output = Result<<Self::Trigger as Trigger>::Output>> + Send;
}

/// A native reaction in a domain's table.
pub struct Listener {
    /// The trigger's name.
    pub trigger: &'static str,
    /// Reacts to packed arguments, and packs what it has to say.
    pub react: fn(Ctx, Vec<String>) -> BoxFuture<Result<String>>,
}

/// A plugin's executable that reacts.
#[derive(Clone, Debug)]
pub struct External {
    /// Whose it is.
    pub plugin: Plugin,
    /// The trigger's name.
    pub trigger: String,
    /// The file.
    pub path: PathBuf,
}

/// The table's line for a reaction type.
pub const fn listener<R: Reaction>() -> Listener {
    Listener { trigger: R::Trigger::NAME, react: start::<R> }
}

fn start<R: Reaction>(ctx: Ctx, arguments: Vec<String>) -> BoxFuture<Result<String>> {
    Box::pin(async move {
        let trigger = R::Trigger::parse(&arguments)?;
        Ok(R::react(&ctx, &trigger).await?.print())
    })
}

//! A command: manual, arguments, gate and body as one type.

use std::future::Future;
use std::pin::Pin;

use super::ctx::Ctx;
use super::failure::{Failure, Result};

/// A boxed future, as the tables of entries and listeners need it.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Who may run a command. The strictest is what a declaration without a word gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Only root, by `docker exec`; refused over SSH.
    Root,
    /// Only root, and then run as user dokku.
    RootAsDokku,
    /// Anybody with a key, run as user dokku.
    User,
    /// Anybody, as whoever they are: root stays root. For commands of plugins, whose gates are their own.
    Caller,
    /// As `User`, but called by our own hooks and plugins rather than by people: not in help.
    Internal,
}

/// A command. Its doc comment is its manual, its fields are its arguments.
pub trait Command: clap::Args + Send + 'static {
    /// What the user types, for example `apps:create`.
    const NAME: &'static str;
    /// Who may.
    const GATE: Gate = Gate::Root;

    /// Does it.
    fn run(self, ctx: &Ctx) -> impl Future<Output = Result> + Send;
}

/// A command in a domain's table.
pub struct Entry {
    /// What the user types.
    pub name: &'static str,
    /// Who may.
    pub gate: Gate,
    /// Its arguments and manual, made only when they are needed.
    pub clap: fn() -> clap::Command,
    /// Does it.
    pub run: fn(clap::ArgMatches, Ctx) -> BoxFuture<Result>,
}

/// The table's line for a command type.
pub const fn entry<C: Command>() -> Entry {
    Entry { name: C::NAME, gate: C::GATE, clap: describe::<C>, run: start::<C> }
}

fn describe<C: Command>() -> clap::Command {
    let name = format!("dokku {}", C::NAME);
    C::augment_args(clap::Command::new(C::NAME).bin_name(name).disable_version_flag(true))
}

fn start<C: Command>(matches: clap::ArgMatches, ctx: Ctx) -> BoxFuture<Result> {
    Box::pin(async move {
        let command = C::from_arg_matches(&matches).map_err(|error| Failure::usage(error.to_string()))?;
        command.run(&ctx).await
    })
}

//! Where lines come from: a terminal, or whatever standard input is.

use std::path::PathBuf;

use crate::kernel::{Ctx, Result, help};
use crate::platform::prompt::Prompt;

/// What stands in front of a line.
const PROMPT: &str = "dokku> ";

/// Lines, as they come.
pub enum Lines<'a> {
    /// Somebody types them.
    Typed(Prompt),
    /// Something sends them.
    Sent(&'a Ctx),
}

impl<'a> Lines<'a> {
    /// From whoever is there.
    pub fn open(ctx: &'a Ctx) -> Self {
        if !ctx.platform.stdin.is_terminal() {
            return Lines::Sent(ctx);
        }
        let home = ctx.env.get("HOME").map_or_else(|| ctx.layout().root.clone(), PathBuf::from);
        Lines::Typed(Prompt::open(PROMPT, &home.join(".dokku_history"), names(ctx)))
    }

    /// The next one; `None` at the end.
    ///
    /// # Errors
    /// When standard input cannot be read.
    pub async fn next(&mut self) -> Result<Option<String>> {
        match self {
            Lines::Typed(prompt) => Ok(prompt.next().await?),
            Lines::Sent(ctx) => Ok(ctx.platform.stdin.read_line_alone()?),
        }
    }
}

/// What the first word of a line may be.
fn names(ctx: &Ctx) -> Vec<String> {
    let domains = ctx.bus.registry().domains.iter();
    let mut names: Vec<String> =
        domains.flat_map(|domain| help::lines(domain)).map(|line| line.name).collect();
    names.extend(["clear", "exit", "quit"].map(str::to_owned));
    names.sort_unstable();
    names.dedup();
    names
}

//! The question before something is destroyed (contract: output.md section 4).

use super::ctx::Ctx;
use super::failure::{Failure, Result};
use super::output::Stream;

/// Goes on only after the name was typed, or with `--force`. `kind` is what it is a name of: `app`.
///
/// # Errors
/// When another word, nothing or more than a word is typed.
pub fn destruction(ctx: &Ctx, kind: &str, name: &str) -> Result {
    if ctx.flags.force {
        return Ok(());
    }
    ctx.out.warn("WARNING: Potentially Destructive Action");
    ctx.out.warn(format!("This command will destroy {kind} {name}."));
    ctx.out.warn(format!("To proceed, type \"{name}\""));
    // A prompt that nobody sees is answered by nobody either: the read below tells.
    let _ = ctx.out.raw(Stream::Stdout, b"> ");
    let Some(line) = ctx.platform.stdin.read_line()? else { return Err(Failure::user("EOF")) };
    let mut words = line.split_whitespace();
    match (words.next(), words.next()) {
        (None, _) => Err(Failure::user("unexpected newline")),
        (Some(_), Some(_)) => Err(Failure::user("expected newline")),
        (Some(word), None) if word == name => Ok(()),
        (Some(_), None) => {
            ctx.out.plain_error("Confirmation did not match test. Aborted.");
            Err(Failure::inner(1))
        }
    }
}

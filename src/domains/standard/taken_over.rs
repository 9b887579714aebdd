use crate::kernel::{Command, Ctx, Gate, Result};
use crate::platform::files;

/// Show what was taken over from older releases of Dokku, and when
///
/// A line each. One with an exclamation mark is worth a look: something was kept aside, because today's settings say
/// otherwise or because it could not be understood.
#[derive(clap::Args)]
pub struct TakenOver {}

impl Command for TakenOver {
    const NAME: &'static str = "taken-over";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        match files::read_text(&ctx.layout().taken_over())? {
            Some(text) => ctx.out.plain(text.trim_end()),
            None => ctx.out.unless_quiet().step("Nothing had to be taken over"),
        }
        Ok(())
    }
}

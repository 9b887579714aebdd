use crate::kernel::{Command, Ctx, Gate, Result};
use crate::store::takeover;

/// Take over what older releases of Dokku left on the volume
///
/// Each start of the server does this: variables in `ENV` files, docker options, mounts and scales in files of their own, and
/// variables that are properties today. Type it after you have copied an app onto the volume of a running server.
/// `taken-over` says what was done.
#[derive(clap::Args)]
pub struct TakeOver {}

impl Command for TakeOver {
    const NAME: &'static str = "take-over";
    const GATE: Gate = Gate::Internal;

    async fn run(self, ctx: &Ctx) -> Result {
        let report = takeover::take_over(ctx.layout(), ctx.platform.clock.now())?;
        if report.notes().is_empty() {
            return Ok(());
        }
        ctx.out.step("Taken over from an older release of Dokku (dokku taken-over shows it again):");
        for note in report.notes() {
            let line = format!("{}: {}", note.who(), note.text);
            if note.is_warning { ctx.out.warn(line) } else { ctx.out.detail(line) }
        }
        Ok(())
    }
}

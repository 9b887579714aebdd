use crate::kernel::{Command, Ctx, EVENTS_VARIABLE, Gate, Result};
use crate::triggers;

/// List the events that are logged
#[derive(clap::Args)]
pub struct List {}

impl Command for List {
    const NAME: &'static str = "events:list";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        if ctx.env.get(EVENTS_VARIABLE).is_none() {
            ctx.out.warn("Events logger disabled");
            return Ok(());
        }
        // Columns of the shell plugins, the empty ones too (contract: output.md section 1).
        let heading = "Events currently logged";
        ctx.out.unless_quiet().plain(format!("=====> {heading:18} {:25} {:25} {:25}", "", "", ""));
        let mut names: Vec<&str> = triggers::all().map(|trigger| trigger.name).collect();
        names.sort_unstable();
        for name in names {
            ctx.out.plain(format!("{name:25} {:25} {:25} {:25}", "", "", ""));
        }
        Ok(())
    }
}

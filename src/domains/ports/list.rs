use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::model::port_map;
use crate::store::ports;

/// List the port mappings set for an app
///
/// Detected ones are not among them: see ports:report.
#[derive(clap::Args)]
pub struct List {
    /// Name of the app
    app: AppName,
}

impl Command for List {
    const NAME: &'static str = "ports:list";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        let maps = port_map::sorted(&ports::user(ctx.layout(), &self.app)?);
        if maps.is_empty() {
            return Err(Failure::user("No port mappings configured for app"));
        }
        ctx.out.unless_quiet().step(format!("Port mappings for {}", self.app));
        for line in table(&maps, !ctx.out.is_quiet()) {
            ctx.out.plain(line);
        }
        Ok(())
    }
}

/// The mappings in columns, as scripts know them: four spaces before, two between.
fn table(maps: &[String], has_header: bool) -> Vec<String> {
    let header = has_header.then_some("-----> scheme:host port:container port");
    let rows: Vec<Vec<&str>> = header
        .into_iter()
        .chain(maps.iter().map(String::as_str))
        .map(|row| row.splitn(3, ':').collect())
        .collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let (scheme, host) = (width(0), width(1));
    rows.iter().map(|row| format!("    {:scheme$}  {:host$}  {}", row[0], row[1], row[2])).collect()
}

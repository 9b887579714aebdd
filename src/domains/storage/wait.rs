use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::platform::files;
use crate::store::host_paths::HostPaths;
use crate::store::storage_entries::{self, Entry, K3S};
use crate::triggers;

/// Check that the volume of a storage entry is there
///
/// Of a folder outside of the server's volume nothing is known, and nothing said.
#[derive(clap::Args)]
pub struct Wait {
    /// Name of the entry
    #[arg(default_value = "", hide_default_value = true)]
    name: String,
}

impl Command for Wait {
    const NAME: &'static str = "storage:wait";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let entry = storage_entries::require(ctx.layout(), &self.name)?;
        if entry.scheduler != K3S {
            return check_folder(ctx, &entry);
        }
        let name = entry.name.clone();
        let status = ctx.fire_with(triggers::StorageStatus { entry: name.clone() }, &entry).await?;
        match status.trim() {
            "Bound" => {
                ctx.out.step(format!("Storage entry {name} is bound"));
                Ok(())
            }
            status => Err(Failure::user(format!("storage entry {name:?} is {status}, not Bound"))),
        }
    }
}

fn check_folder(ctx: &Ctx, entry: &Entry) -> Result {
    let (name, path) = (&entry.name, &entry.host_path);
    let here = entry.is_folder().then(|| HostPaths::new(ctx.layout(), &ctx.env).here(path)).flatten();
    match here {
        Some(here) if !files::is_folder(&here) => {
            Err(Failure::user(format!("storage entry {name:?} host path {path} is not present")))
        }
        Some(_) | None => Ok(()),
    }
}

use crate::kernel::{Command, Ctx, Failure, Gate, Result, confirm};
use crate::store::storage_entries::{self, DELETE, DOCKER_LOCAL, Entry};
use crate::store::{apps, attachments};

use super::{folder, scheduler};

/// Remove a storage entry that no app mounts
///
/// Its folder stays, unless `--destroy-host-dir` is given or its reclaim policy is Delete. Asks for the name first,
/// unless `--force` is given.
#[derive(clap::Args)]
pub struct Destroy {
    /// Do not ask
    #[arg(long)]
    force: bool,
    /// Remove the folder too, with all in it
    #[arg(long)]
    destroy_host_dir: bool,
    /// Name of the entry
    #[arg(default_value = "")]
    name: String,
}

impl Command for Destroy {
    const NAME: &'static str = "storage:destroy";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let name = self.name.as_str();
        if name.is_empty() {
            return Err(Failure::user("storage entry name is required"));
        }
        let entry = storage_entries::require(ctx.layout(), name)?;
        // Apps that the caller may not see count too.
        let using = attachments::users(ctx.layout(), &apps::all(ctx.layout())?, name)?;
        if !using.is_empty() {
            let using = using.join(", ");
            return Err(Failure::user(format!("storage entry {name:?} is still mounted by app(s): {using}")));
        }
        let removes_folder = self.removes_folder(ctx, &entry)?;
        if !self.force && !ctx.flags.force {
            if removes_folder {
                let path = &entry.host_path;
                ctx.out.warn(format!(
                    "Storage entry {name} is backed by {path}, which will be removed along with its contents."
                ));
            }
            confirm::destruction(ctx, "storage entry", name)?;
        }
        scheduler::remove(ctx, &entry).await?;
        if removes_folder {
            let path = &entry.host_path;
            folder::remove(ctx, name)
                .await
                .map_err(|fault| folder::because("unable to remove", path, fault))?;
            ctx.out.detail(format!("Removed {path}"));
        }
        storage_entries::forget(ctx.layout(), name)?;
        ctx.out.step(format!("Storage entry {name} destroyed"));
        Ok(())
    }
}

impl Destroy {
    fn removes_folder(&self, ctx: &Ctx, entry: &Entry) -> Result<bool> {
        if entry.scheduler != DOCKER_LOCAL {
            let (name, scheduler) = (&entry.name, &entry.scheduler);
            return match self.destroy_host_dir {
                false => Ok(false),
                true => Err(Failure::user(format!(
                    "--destroy-host-dir only applies to docker-local storage entries; \
                     {name:?} is scheduler {scheduler:?} and follows --reclaim-policy"
                ))),
            };
        }
        if !self.destroy_host_dir && entry.reclaim_policy != DELETE {
            return Ok(false);
        }
        match folder::require_default_place(ctx, entry, "--destroy-host-dir") {
            Ok(()) => Ok(true),
            Err(failure) if self.destroy_host_dir => Err(failure),
            // Written by an early 0.38, which took the policy for any path.
            Err(_) => {
                let path = &entry.host_path;
                ctx.out.warn(format!(
                    "Leaving {path} in place; reclaim policy Delete only removes the default host path"
                ));
                Ok(false)
            }
        }
    }
}

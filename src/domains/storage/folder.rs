//! The folder behind an entry: made by the command itself, given to its users by `dokku serve`, which is root.

use serde_json::{Value, json};

use crate::kernel::{Ctx, Failure, Result};
use crate::model::storage::ChownOption;
use crate::model::{Fault, Outcome};
use crate::platform::owned_folders::{MODE, OWN, REMOVE};
use crate::platform::{control, files};
use crate::store::host_paths::HostPaths;
use crate::store::storage_entries::{Entry, default_path};

/// What the engine adds to the numbers of users where it gives containers numbers of their own.
const REMAPPED_FROM: u32 = 165_536;

/// Makes the folder unless it is there, then sets mode and owner if the entry has them. Of folders outside of the volume
/// the appliance sees nothing: the engine makes them when they are mounted.
///
/// # Errors
/// When a file stands in its place, it cannot be made, or mode or owner are set and it is none of ours.
pub async fn ensure(ctx: &Ctx, entry: &Entry) -> Result {
    let wants_owner = !entry.chown.is_empty() && entry.chown != "false";
    if wants_owner {
        require_default_place(ctx, entry, "--chown")?;
    }
    if !entry.mode.is_empty() {
        require_default_place(ctx, entry, "--mode")?;
    }
    let path = &entry.host_path;
    let here = entry.is_folder().then(|| HostPaths::new(ctx.layout(), &ctx.env).here(path)).flatten();
    let Some(here) = here else { return Ok(()) };
    if !files::exists(&here) {
        files::create_folders(&here, 0o755).map_err(|fault| because("unable to create", path, fault))?;
        ctx.out.detail(format!("Created {path}"));
    } else if !files::is_folder(&here) {
        return Err(Failure::user(format!("storage entry path {path} exists but is not a directory")));
    }
    if !entry.mode.is_empty() {
        ctx.out.detail(format!("Setting directory mode to {}", entry.mode));
        ask(ctx, MODE, &json!({ "name": entry.name, "mode": entry.mode }))
            .await
            .map_err(|fault| because("unable to chmod", path, fault))?;
    }
    if wants_owner && let Some(id) = owner(ctx, &entry.chown).await? {
        ctx.out.detail(format!("Setting directory ownership to {id}:{id}"));
        own(ctx, &entry.name, id).await.map_err(|fault| because("unable to chown", path, fault))?;
    }
    Ok(())
}

/// Refuses what is done only to the folders that Dokku itself makes: any other is its maker's.
///
/// # Errors
/// For an entry with a path of its own.
pub fn require_default_place(ctx: &Ctx, entry: &Entry, flag: &str) -> Result {
    let (place, path) = (default_path(ctx.layout(), &entry.name), &entry.host_path);
    let here = HostPaths::new(ctx.layout(), &ctx.env).here(path);
    if *path == place && here.is_some_and(|here| here.display().to_string() == place) {
        return Ok(());
    }
    Err(Failure::user(format!(
        "{flag} is only supported when the storage entry uses the default host path ({place}); \
         omit {flag} and manage {path} manually"
    )))
}

/// The number of the user that an option means on the host; `None` where owners stay.
///
/// # Errors
/// For an option that is none, or when the engine does not answer.
pub async fn owner(ctx: &Ctx, option: &str) -> Result<Option<u32>> {
    let option: ChownOption = option.parse()?;
    if option.is_misspelt {
        ctx.out.detail(
            "Detected deprecated chown flag 'packeto'. Using 'paketo' instead. Please update your configuration.",
        );
    }
    let Some(id) = option.id else { return Ok(None) };
    let is_remapped =
        ctx.platform.docker.info().await?.security_options.iter().any(|one| one == "name=userns");
    Ok(Some(if is_remapped { id + REMAPPED_FROM } else { id }))
}

/// Gives a folder, by its name among those of storage, to a user.
///
/// # Errors
/// When `dokku serve` does not answer or refuses.
pub async fn own(ctx: &Ctx, name: &str, id: u32) -> Outcome {
    ask(ctx, OWN, &json!({ "name": name, "id": id })).await
}

/// Removes a folder with all in it, by its name among those of storage.
///
/// # Errors
/// When `dokku serve` does not answer or refuses.
pub async fn remove(ctx: &Ctx, name: &str) -> Outcome {
    ask(ctx, REMOVE, &json!({ "name": name })).await
}

async fn ask(ctx: &Ctx, verb: &str, about: &Value) -> Outcome {
    control::ask(&ctx.layout().control_socket(), verb, about.clone()).await.map(drop)
}

/// The fault with what was tried in front of it.
pub fn because(tried: &str, path: &str, fault: Fault) -> Fault {
    Fault { message: format!("{tried} {path}: {}", fault.message), ..fault }
}

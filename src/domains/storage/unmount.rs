use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::model::storage::ColonMount;
use crate::store::attachments::{self, Attachment};
use crate::store::storage_entries::Entry;

/// Take a mount away from an app
///
/// It is named as it was mounted. What was mounted stays; the containers lose it with the next deploy.
#[derive(clap::Args)]
pub struct Unmount {
    /// Where in the container: needed for an entry that is mounted in several places
    #[arg(long, value_name = "PATH", default_value = "", hide_default_value = true)]
    container_dir: String,
    /// Name of the app
    app: AppName,
    /// An entry, or HOST:CONTAINER[:OPTIONS]
    #[arg(default_value = "", hide_default_value = true)]
    what: String,
}

impl Command for Unmount {
    const NAME: &'static str = "storage:unmount";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        let is_one_word = self.what.contains(':');
        let (name, place) = if is_one_word {
            let mount: ColonMount = self.what.parse()?;
            (Entry::of_mount(&mount)?.name, mount.target)
        } else {
            (self.what, self.container_dir)
        };
        let app = &self.app;
        let _lock = attachments::locked(ctx.layout(), app)?;
        let all = attachments::of(ctx.layout(), app)?;
        let is_meant =
            |one: &Attachment| one.entry_name == name && (place.is_empty() || one.container_path == place);
        let (gone, kept): (Vec<Attachment>, Vec<Attachment>) = all.into_iter().partition(is_meant);
        match gone.len() {
            0 if is_one_word => return Err(Failure::user("Mount path does not exist.")),
            0 => return Err(not_mounted(&name, &place, app)),
            1 => {}
            _ if place.is_empty() => return Err(ambiguous(&name, &gone, app)),
            _ => {}
        }
        Ok(attachments::save(ctx.layout(), app, &kept)?)
    }
}

fn not_mounted(name: &str, place: &str, app: &AppName) -> Failure {
    let (place, app) =
        (if place.is_empty() { String::new() } else { format!(" at {place:?}") }, app.as_str());
    Failure::user(format!("storage entry {name:?} is not mounted{place} on app {app:?}"))
}

fn ambiguous(name: &str, found: &[Attachment], app: &AppName) -> Failure {
    let mut places: Vec<&str> = found.iter().map(|one| one.container_path.as_str()).collect();
    places.sort_unstable();
    let (places, app) = (places.join(", "), app.as_str());
    Failure::user(format!(
        "storage entry {name:?} is mounted at multiple paths on app {app:?} ({places}); \
         pass --container-dir to disambiguate"
    ))
}

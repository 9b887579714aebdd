use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::storage::directory_mode;
use crate::store::storage_entries::{self, DOCKER_LOCAL, Entry};

use super::create::pairs;
use super::{folder, scheduler};

/// Change a property of a storage entry
///
/// One of access-mode, chown, mode, namespace, reclaim-policy, size, storage-class-name; without a value it is cleared.
/// Owner and mode of a folder change at once. The flags are the older form.
#[derive(clap::Args)]
pub struct Set {
    #[command(flatten)]
    flags: Flags,
    /// Name of the entry
    #[arg(default_value = "", hide_default_value = true)]
    name: String,
    /// The property
    #[arg(default_value = "", hide_default_value = true)]
    property: String,
    /// Its value
    #[arg(default_value = "", hide_default_value = true)]
    value: String,
}

/// The older form, several properties at once.
#[derive(clap::Args)]
struct Flags {
    #[arg(long, hide = true)]
    access_mode: Option<String>,
    #[arg(long, hide = true)]
    chown: Option<String>,
    #[arg(long, hide = true)]
    mode: Option<String>,
    #[arg(long, hide = true)]
    namespace: Option<String>,
    #[arg(long, hide = true)]
    reclaim_policy: Option<String>,
    #[arg(long, hide = true)]
    size: Option<String>,
    #[arg(long, hide = true)]
    storage_class_name: Option<String>,
    #[arg(long, hide = true, value_delimiter = ',')]
    annotation: Vec<String>,
    #[arg(long, hide = true, value_delimiter = ',')]
    label: Vec<String>,
}

/// The properties there are, as the error lists them.
const PROPERTIES: [&str; 7] =
    ["access-mode", "chown", "mode", "namespace", "reclaim-policy", "size", "storage-class-name"];

impl Command for Set {
    const NAME: &'static str = "storage:set";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let changes = self.changes(ctx)?;
        let _lock = storage_entries::locked(ctx.layout())?;
        let mut entry = storage_entries::require(ctx.layout(), &self.name)?;
        for (property, value) in &changes {
            change(&mut entry, property, value)?;
        }
        if !self.flags.annotation.is_empty() {
            entry.annotations = pairs(&self.flags.annotation)?;
        }
        if !self.flags.label.is_empty() {
            entry.labels = pairs(&self.flags.label)?;
        }
        entry.check(ctx.layout())?;
        let touches_folder = changes.iter().any(|(property, _)| property == "chown" || property == "mode");
        if entry.scheduler == DOCKER_LOCAL && touches_folder {
            folder::ensure(ctx, &entry).await?;
        }
        storage_entries::save(ctx.layout(), &entry)?;
        let refused = format!("scheduler refused {} for {:?}", Self::NAME, entry.name);
        scheduler::make(ctx, &entry, &refused).await?;
        ctx.out.step(format!("Storage entry {} updated", entry.name));
        Ok(())
    }
}

impl Set {
    fn changes(&self, ctx: &Ctx) -> Result<Vec<(String, String)>> {
        let flags = &self.flags;
        let typed = [
            &flags.access_mode,
            &flags.chown,
            &flags.mode,
            &flags.namespace,
            &flags.reclaim_policy,
            &flags.size,
            &flags.storage_class_name,
        ];
        let typed = PROPERTIES.iter().zip(typed);
        let changes: Vec<(String, String)> =
            typed.filter_map(|(name, value)| Some(((*name).to_owned(), value.clone()?))).collect();
        let has_maps = !flags.annotation.is_empty() || !flags.label.is_empty();
        match (self.property.is_empty(), !changes.is_empty() || has_maps) {
            (true, false) => return Err(Failure::user("No property specified")),
            (false, false) => return Ok(vec![(self.property.clone(), self.value.clone())]),
            (false, true) => {
                return Err(Failure::user(
                    "storage:set accepts either a property and a value or flags, not both",
                ));
            }
            (true, true) => {}
        }
        if !changes.is_empty() {
            ctx.out.warn("Deprecated: please use 'storage:set <name> <property> [<value>]' instead of flags");
        }
        if has_maps {
            ctx.out.warn(
                "Deprecated: please use 'storage:annotations:set' and 'storage:labels:set' \
                 instead of --annotation and --label",
            );
        }
        Ok(changes)
    }
}

fn change(entry: &mut Entry, property: &str, value: &str) -> Result {
    let field = match property {
        // A cluster cannot change these of a volume that is in use; clearing is a change, too.
        "access-mode" if value != entry.access_mode => return Err(fixed(property)),
        "storage-class-name" if value != entry.storage_class => return Err(fixed(property)),
        "access-mode" | "storage-class-name" => return Ok(()),
        "chown" => &mut entry.chown,
        "mode" => {
            entry.mode = directory_mode(value)?;
            return Ok(());
        }
        "namespace" => &mut entry.namespace,
        "reclaim-policy" => &mut entry.reclaim_policy,
        "size" => &mut entry.size,
        _ => {
            let valid = PROPERTIES.join(", ");
            return Err(Failure::user(format!(
                "Invalid property specified, valid properties include: {valid}"
            )));
        }
    };
    value.clone_into(field);
    Ok(())
}

fn fixed(property: &str) -> Failure {
    Failure::user(format!("storage:set cannot change {property} in place; recreate the entry"))
}

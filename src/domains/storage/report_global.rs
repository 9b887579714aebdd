//! All storage entries, and who mounts them.

use serde::Serialize;

use crate::kernel::{Ctx, Result, json};
use crate::store::storage_entries::{self, Entry};
use crate::store::{apps, attachments};

#[derive(Serialize)]
struct Used {
    entry: Entry,
    mounted_by: Vec<String>,
}

/// Shows them, as the words of the command ask for.
///
/// # Errors
/// When an entry cannot be read.
pub fn show(ctx: &Ctx, words: &[String]) -> Result {
    let is_json = words.iter().any(|word| word == "--format=json")
        || words.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json");
    let apps = apps::all(ctx.layout())?;
    let used = |entry: Entry| {
        let mounted_by = attachments::users(ctx.layout(), &apps, &entry.name)?;
        Ok(Used { entry, mounted_by })
    };
    let all: Vec<Used> =
        storage_entries::all(ctx.layout())?.into_iter().map(used).collect::<Result<Vec<_>>>()?;
    if is_json {
        ctx.out.plain(json::indented(&all));
        return Ok(());
    }
    if all.is_empty() {
        ctx.out.unless_quiet().step("No storage entries registered");
        return Ok(());
    }
    ctx.out.unless_quiet().step("Storage report (global):");
    for Used { entry, mounted_by } in all {
        let by = if mounted_by.is_empty() { "—".to_owned() } else { mounted_by.join(", ") };
        ctx.out.detail(format!("{}\t{}\tmounted by: {by}", entry.name, entry.scheduler));
    }
    Ok(())
}

//! What annotations and labels share: values by key, for tools of a cluster.

use crate::kernel::{Ctx, Failure, Result, json};
use crate::store::storage_entries::{self, Entry, Map};

use super::scheduler;

/// Which of the two.
#[derive(Clone, Copy)]
pub struct Kind {
    /// Many of them: `labels`.
    pub plural: &'static str,
    /// One of them: `label`.
    pub singular: &'static str,
    /// One of them at the begin of a row.
    pub label: &'static str,
    values: fn(&mut Entry) -> &mut Map,
}

/// Annotations.
pub const ANNOTATIONS: Kind = Kind {
    plural: "annotations",
    singular: "annotation",
    label: "Annotation",
    values: |entry| &mut entry.annotations,
};

/// Labels.
pub const LABELS: Kind =
    Kind { plural: "labels", singular: "label", label: "Label", values: |entry| &mut entry.labels };

/// One value to set; an empty one is taken away.
#[derive(clap::Args)]
pub struct Change {
    /// Name of the entry
    #[arg(default_value = "", hide_default_value = true)]
    name: String,
    /// Its key
    #[arg(default_value = "", hide_default_value = true)]
    key: String,
    /// Its value
    #[arg(default_value = "", hide_default_value = true)]
    value: String,
}

impl Change {
    /// Makes it.
    ///
    /// # Errors
    /// When there is no such entry, or its scheduler refuses.
    pub async fn make(self, ctx: &Ctx, kind: Kind) -> Result {
        let Change { name, key, value } = self;
        if name.is_empty() {
            return Err(Failure::user("storage entry name is required"));
        }
        if key.is_empty() {
            return Err(Failure::user(format!("No {} key specified", kind.singular)));
        }
        let _lock = storage_entries::locked(ctx.layout())?;
        let mut entry = storage_entries::require(ctx.layout(), &name)?;
        let values = (kind.values)(&mut entry);
        let told = if value.is_empty() {
            values.remove(&key);
            format!("Unsetting {} {key}", kind.singular)
        } else {
            let told = format!("Setting {} {key} to {value}", kind.singular);
            values.insert(key, value);
            told
        };
        ctx.out.unless_quiet().heading(told);
        entry.check(ctx.layout())?;
        storage_entries::save(ctx.layout(), &entry)?;
        let refused = format!("scheduler refused {} change for {name:?}", kind.plural);
        scheduler::make(ctx, &entry, &refused).await
    }
}

/// What a report is asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    name: String,
    is_json: bool,
    flag: Option<String>,
}

/// Shows the values of one entry or of all.
///
/// # Errors
/// When there is no such entry, value or format.
pub fn report(ctx: &Ctx, kind: Kind, words: &[String]) -> Result {
    let asked = parse(words)?;
    let all = if asked.name.is_empty() {
        if asked.flag.is_some() {
            let verb = kind.plural;
            return Err(Failure::user(format!(
                "storage:{verb}:report requires a storage entry name when an info flag is specified"
            )));
        }
        storage_entries::all(ctx.layout())?
    } else {
        vec![storage_entries::require(ctx.layout(), &asked.name)?]
    };
    if all.is_empty() {
        ctx.out.unless_quiet().step("No storage entries registered");
    }
    for mut entry in all {
        let values = std::mem::take((kind.values)(&mut entry));
        match &asked.flag {
            Some(flag) => ctx.out.plain(single(kind, &values, flag)?),
            None if asked.is_json => ctx.out.plain(json::compact(&values)),
            None => text(ctx, kind, &entry.name, &values),
        }
    }
    Ok(())
}

fn parse(words: &[String]) -> Result<Asked> {
    let mut asked = Asked::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let format = match word.strip_prefix("--format") {
            Some("") => Some(words.next().map(String::as_str).unwrap_or_default()),
            Some(rest) => rest.strip_prefix('='),
            None => None,
        };
        match (format, word.as_str()) {
            (Some("json"), _) => asked.is_json = true,
            (Some("stdout" | "text"), _) => asked.is_json = false,
            (Some(other), _) => return Err(Failure::user(format!("Invalid format: {other}"))),
            (None, "--quiet" | "--trace" | "--force" | "") => {}
            (None, flag) if flag.starts_with("--") => {
                if asked.flag.replace(flag.to_owned()).is_some() {
                    return Err(Failure::user("Only a single info flag can be specified"));
                }
            }
            (None, name) if asked.name.is_empty() => asked.name = name.to_owned(),
            (None, _) => {}
        }
    }
    if asked.is_json && asked.flag.is_some() {
        return Err(Failure::user("--format flag cannot be specified when specifying an info flag"));
    }
    Ok(asked)
}

fn single<'a>(kind: Kind, values: &'a Map, flag: &str) -> Result<&'a str> {
    let name = |key: &String| format!("--storage-{}.{key}", kind.plural);
    match values.iter().find(|(key, _)| name(key) == flag) {
        Some((_, value)) => Ok(value),
        None => {
            let valid: Vec<String> = values.keys().map(name).collect();
            Err(Failure::user(format!("Invalid flag passed, valid flags: {}", valid.join(", "))))
        }
    }
}

/// Keys stand as they are: a dot in them is part of a name of the cluster.
fn text(ctx: &Ctx, kind: Kind, name: &str, values: &Map) {
    ctx.out.unless_quiet().heading(format!("{name} {} information", kind.plural));
    let label = |key: &String| format!("{} {key}:", kind.label);
    let width = values.keys().map(|key| label(key).len()).max().unwrap_or(0).max(31);
    for (key, value) in values {
        ctx.out.detail(format!("{:width$}{value}", label(key)));
    }
}

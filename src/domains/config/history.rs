use jiff::Timestamp;
use serde_json::{Value, json};

use super::rollback::find;
use super::target::Target;
use crate::kernel::{Command, Ctx, Gate, Result, json, table};
use crate::model::Scope;
use crate::store::config_history::{self, Revision};
use crate::store::kept_variables::{self, Change};
use crate::store::variables::Variables;

/// How many characters of a value a table shows.
const SHOWN: usize = 60;

/// Show how the config vars came to be what they are
///
/// A revision for each change, the newest first: when, by whom, by which command, and which variables. The last 50 are
/// kept, and of values beyond 1 KiB those that fit into 16 MiB. Values are hidden unless asked for. With the number of
/// a revision that one alone, with all its variables.
///
/// Example: dokku config:history shop 4 --show-values
#[derive(clap::Args)]
pub struct History {
    #[command(flatten)]
    target: Target,
    /// Show values, too
    #[arg(long)]
    show_values: bool,
    /// How to print them: stdout or json
    #[arg(long, default_value = "stdout")]
    format: String,
    /// Number of a revision
    #[arg(value_name = "REVISION")]
    numbers: Vec<String>,
}

impl Command for History {
    const NAME: &'static str = "config:history";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let is_json = json::is_asked(&self.format)?;
        let (scope, words) = self.target.with_words(self.numbers, ctx)?;
        if let Some(number) = words.first().filter(|word| !word.is_empty()) {
            return one(ctx, &scope, &find(ctx, &scope, number)?, self.show_values, is_json);
        }
        let all = config_history::all(ctx.layout(), &scope)?;
        let outside = outside(ctx, &scope, all.first())?;
        if is_json {
            let mut views = Vec::new();
            for revision in &all {
                views.push(view(revision, values(ctx, &scope, revision, self.show_values)?.as_ref()));
            }
            ctx.out.plain(json::compact(&views));
            return Ok(());
        }
        if all.is_empty() {
            ctx.out.plain("No changes of config vars are recorded");
        } else {
            table::columns(&rows(ctx, &scope, &all, self.show_values)?)
                .iter()
                .for_each(|line| ctx.out.plain(line));
        }
        if !outside.is_empty() && !all.is_empty() {
            let keys: Vec<String> = outside.iter().map(ToString::to_string).collect();
            let keys = keys.join(", ");
            ctx.out.warn(format!("Changed since then by none of these commands: {keys}"));
        }
        Ok(())
    }
}

/// What is different now from the newest revision.
fn outside(ctx: &Ctx, scope: &Scope, newest: Option<&Revision>) -> Result<Vec<Change>> {
    let Some(newest) = newest else { return Ok(Vec::new()) };
    let known = config_history::variables_of(ctx.layout(), scope, newest)?;
    Ok(kept_variables::changes(&known, &config_history::now(ctx.layout(), scope)?))
}

fn rows(ctx: &Ctx, scope: &Scope, all: &[Revision], shows_values: bool) -> Result<Vec<Vec<String>>> {
    let mut rows = vec![["Revision", "Time", "By", "What", "Changes"].map(str::to_owned).to_vec()];
    for revision in all {
        let values = values(ctx, scope, revision, shows_values)?;
        rows.push(vec![
            revision.number.to_string(),
            time(revision.at),
            revision.by.clone(),
            what(revision),
            changes(revision, values.as_ref()),
        ]);
    }
    Ok(rows)
}

fn values(ctx: &Ctx, scope: &Scope, revision: &Revision, is_asked: bool) -> Result<Option<Variables>> {
    if !is_asked {
        return Ok(None);
    }
    Ok(Some(config_history::variables_of(ctx.layout(), scope, revision)?))
}

fn what(revision: &Revision) -> String {
    match revision.rolled_back_to {
        Some(number) => format!("{} {number}", revision.operation),
        None => revision.operation.clone(),
    }
}

fn changes(revision: &Revision, values: Option<&Variables>) -> String {
    let word = |change: &Change| match values.and_then(|values| values.get(&change.key)) {
        Some(value) => format!("{change}: {}", shortened(value)),
        None => change.to_string(),
    };
    revision.changes.iter().map(word).collect::<Vec<_>>().join(", ")
}

/// A value as one word of a table: quoted, and not longer than a line.
fn shortened(value: &str) -> String {
    let mut text: String = value.chars().take(SHOWN).collect();
    if text.len() < value.len() {
        text.push('…');
        return format!("{text:?} ({} bytes)", value.len());
    }
    format!("{text:?}")
}

fn one(ctx: &Ctx, scope: &Scope, revision: &Revision, shows_values: bool, is_json: bool) -> Result {
    let variables = config_history::variables_of(ctx.layout(), scope, revision)?;
    if is_json {
        let mut view = view(revision, None);
        view["variables"] = match shows_values {
            true => json!(variables),
            false => variables.keys().map(|key| (key.clone(), Value::Null)).collect::<Value>(),
        };
        ctx.out.plain(json::compact(&view));
        return Ok(());
    }
    let rows = [
        ("Revision:", revision.number.to_string()),
        ("Time:", time(revision.at)),
        ("By:", revision.by.clone()),
        ("What:", what(revision)),
        ("Changes:", changes(revision, None)),
    ];
    let quiet = ctx.out.unless_quiet();
    let rows: Vec<Vec<String>> =
        rows.into_iter().map(|(label, value)| vec![label.to_owned(), value]).collect();
    table::columns(&rows).iter().for_each(|line| quiet.plain(line));
    quiet.plain("");
    let rows: Vec<Vec<String>> = variables
        .into_iter()
        .map(|(key, value)| vec![format!("{key}:"), if shows_values { value } else { "***".to_owned() }])
        .collect();
    table::columns(&rows).iter().for_each(|line| ctx.out.plain(line));
    Ok(())
}

fn view(revision: &Revision, values: Option<&Variables>) -> Value {
    let change = |change: &Change| {
        let mut view = json!({ "key": change.key, "change": change.how.word() });
        if let Some(value) = values.and_then(|values| values.get(&change.key)) {
            view["value"] = json!(value);
        }
        view
    };
    let mut view = json!({
        "revision": revision.number,
        "time": time(revision.at),
        "by": revision.by,
        "operation": revision.operation,
        "changes": revision.changes.iter().map(change).collect::<Vec<_>>(),
    });
    if let Some(number) = revision.rolled_back_to {
        view["rolled_back_to"] = json!(number);
    }
    view
}

fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

//! Variables that an app.json asks for (contract: formats.md section 5.2).

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::deploy::note_variables;
use crate::kernel::{Ctx, Failure, Result, Stream};
use crate::model::AppName;
use crate::model::app_json::EnvVariable;
use crate::store::apps;
use crate::triggers;

/// How many bytes a generated secret is made of; it is written as twice as many hexadecimal digits.
const SECRET: usize = 32;

/// Where the value of a variable comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Origin {
    /// It is not for this deploy, or has a value.
    Kept,
    /// Nobody else can know it.
    Generated,
    /// It stands in app.json.
    Written(String),
    /// Somebody must say it.
    Asked,
}

fn origin(variable: &EnvVariable, current: Option<&str>, is_first: bool) -> Origin {
    let has_value = current.is_some_and(|value| !value.is_empty());
    if !variable.sync && (has_value || !is_first) {
        Origin::Kept
    } else if variable.generator == "secret" {
        Origin::Generated
    } else if !variable.value.is_empty() {
        Origin::Written(variable.value.clone())
    } else {
        Origin::Asked
    }
}

/// Sets what is wanted and not there yet: at the first deploy all of it, later what is to be kept in step.
///
/// # Errors
/// When a required variable has no value and nobody can be asked for one.
pub async fn apply(ctx: &Ctx, app: &AppName, wanted: &BTreeMap<String, EnvVariable>) -> Result {
    if wanted.is_empty() {
        return Ok(());
    }
    ctx.out.step("Processing app.json env vars");
    let is_first = !apps::was_deployed(ctx.layout(), app)?;
    let current = current(ctx, app).await?;
    let mut chosen = Vec::new();
    for (name, variable) in wanted {
        let value = match origin(variable, current.get(name).map(String::as_str), is_first) {
            Origin::Kept => continue,
            Origin::Generated => Some(secret(ctx)),
            Origin::Written(value) => Some(value),
            Origin::Asked => ask(ctx, app, name, variable)?,
        };
        chosen.extend(value.map(|value| (name.as_str(), value)));
    }
    if chosen.is_empty() {
        ctx.out.detail("No env vars to set from app.json");
        return Ok(());
    }
    ctx.out.step(format!("Setting {} env var(s) from app.json", chosen.len()));
    let names: Vec<&str> = chosen.iter().map(|(name, _)| *name).collect();
    note_variables(ctx, app, &names)?;
    let mut words = vec!["--no-restart".to_owned(), app.to_string()];
    words.extend(chosen.iter().map(|(name, value)| format!("{name}={value}")));
    ctx.fire(triggers::ConfigSet { words }).await
}

/// The variables that the app has now, those of all apps among them.
async fn current(ctx: &Ctx, app: &AppName) -> Result<BTreeMap<String, String>> {
    let asked = triggers::ConfigExport {
        app: app.to_string(),
        is_global: false,
        is_merged: true,
        format: "json".to_owned(),
    };
    let text = ctx.fire(asked).await?;
    if text.trim().is_empty() {
        return Ok(BTreeMap::new());
    }
    serde_json::from_str(&text)
        .map_err(|error| Failure::internal(format!("the variables of {app} cannot be read: {error}")))
}

fn secret(ctx: &Ctx) -> String {
    let mut bytes = [0; SECRET];
    ctx.platform.random.fill(&mut bytes);
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Asks whoever sits at the terminal. None for a variable that need not have a value.
fn ask(ctx: &Ctx, app: &AppName, name: &str, variable: &EnvVariable) -> Result<Option<String>> {
    if !ctx.platform.stdin.is_terminal() {
        return match variable.required {
            true => Err(Failure::user(format!(
                "required env var {name} has no value, no default, and no TTY for prompt"
            ))
            .hint(format!("Set it first: config:set --no-restart {app} {name}=<value>"))),
            false => Ok(None),
        };
    }
    ctx.out.step(match variable.description.as_str() {
        "" => format!("Enter value for {name}"),
        description => format!("Enter value for {name} ({description})"),
    });
    // Whoever cannot be shown the prompt may answer all the same.
    let _ = ctx.out.raw(Stream::Stdout, b"> ");
    let answer = ctx.platform.stdin.read_line()?.unwrap_or_default();
    let answer = answer.trim();
    if answer.is_empty() && variable.required {
        return Err(Failure::user(format!("required env var {name} cannot be empty")));
    }
    Ok((!answer.is_empty()).then(|| answer.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::AppJson;

    fn of(text: &str, current: Option<&str>, is_first: bool) -> Origin {
        let json = format!("{{\"env\": {{\"A\": {text}}}}}");
        origin(&AppJson::parse(&json).expect("an app.json").env["A"], current, is_first)
    }

    #[test]
    fn a_value_that_is_there_is_kept() {
        for text in ["\"x\"", "{\"generator\": \"secret\"}", "{\"required\": true}"] {
            assert_eq!(of(text, Some("set"), true), Origin::Kept, "{text}");
        }
        assert_eq!(of("\"x\"", Some(""), true), Origin::Written("x".to_owned()), "an empty one is none");
    }

    #[test]
    fn later_deploys_set_only_what_is_kept_in_step() {
        assert_eq!(of("\"x\"", None, false), Origin::Kept);
        let synced = "{\"value\": \"x\", \"sync\": true}";
        assert_eq!(of(synced, Some("old"), false), Origin::Written("x".to_owned()));
        assert_eq!(of("{\"generator\": \"secret\", \"sync\": true}", Some("old"), false), Origin::Generated);
    }

    #[test]
    fn a_generator_wins_over_a_value_and_without_either_somebody_is_asked() {
        assert_eq!(of("{\"generator\": \"secret\", \"value\": \"x\"}", None, true), Origin::Generated);
        assert_eq!(of("{\"description\": \"a key\"}", None, true), Origin::Asked);
    }
}

//! The compose file of a companion: made by a sigil template of ours, or by the one that a plugin brings instead.

use std::path::Path;

use crate::kernel::{Failure, Result};
use crate::model::template::{ClosedWorld, Session, Value, Variables};
use crate::platform::files;

/// A compose file to be.
pub struct Template<'a> {
    /// Our template.
    pub ours: &'a str,
    /// What plugins answered that were asked for another: its path, or nothing.
    pub source: String,
    /// What it is told. Each text may stand in a text of YAML between double quotes.
    pub variables: Vec<(String, Value)>,
}

/// The compose file.
///
/// # Errors
/// When a plugin's template is not there, or is wrong: the message says where.
pub fn render(template: Template<'_>) -> Result<String> {
    let source = template.source.trim();
    let (text, name) = if source.is_empty() {
        (template.ours.to_owned(), "compose.yml.sigil")
    } else {
        let text = files::read_text(Path::new(source))?.ok_or_else(|| {
            Failure::user(format!("A plugin names a compose template that is not there: {source}"))
        })?;
        (text, source.rsplit('/').next().unwrap_or(source))
    };
    let variables: Variables = template.variables.into_iter().collect();
    let rendered = Session::new(&ClosedWorld, [].into()).render(&text, variables, name);
    let rendered = rendered.map_err(|error| Failure::user(format!("Cannot render {name}: {error}")))?;
    Ok(squeezed(&rendered))
}

/// A text that compose reads as it is: it would take a dollar for the beginning of a variable.
pub fn literal(text: &str) -> Value {
    Value::text(text.replace('$', "$$"))
}

/// Without the empty lines that branches of a template leave behind.
fn squeezed(text: &str) -> String {
    text.lines().filter(|line| !line.trim().is_empty()).flat_map(|line| [line.trim_end(), "\n"]).collect()
}

//! Environment variables that became properties.

use super::report::Report;
use crate::model::{Outcome, Scope};
use crate::store::moved::Moved;
use crate::store::variables::{self, Variables};
use crate::store::{Layout, apps, properties};

/// Those that still stand among today's variables become properties, and go.
///
/// # Errors
/// When something cannot be read or written.
pub fn adopt(layout: &Layout, scope: &Scope, report: &mut Report) -> Outcome {
    let all = variables::own(layout, scope)?;
    let old: Variables = all.into_iter().filter(|(key, _)| Moved::of(key, scope).is_some()).collect();
    if old.is_empty() {
        return Ok(());
    }
    become_properties(layout, scope, &old, report)?;
    variables::change(layout, scope, |all| all.retain(|key, _| !old.contains_key(key)))
}

/// Sets the property for each of these variables, unless it is set: that was said later.
///
/// # Errors
/// When something cannot be read or written.
pub fn become_properties(layout: &Layout, scope: &Scope, old: &Variables, report: &mut Report) -> Outcome {
    for (variable, text) in old {
        let Some(moved) = Moved::of(variable, scope) else { continue };
        let Some(value) = moved.value(text) else {
            let (plugin, key) = (moved.plugin, moved.key);
            let text = format!(
                "variable {variable}={text} goes: it is the property {key} of {plugin} as if nobody had set it"
            );
            report.taken(scope, text)?;
            continue;
        };
        for scope in &targets(layout, scope, moved)? {
            let (plugin, key) = (moved.plugin, moved.key);
            match properties::get(layout, plugin, scope, key)?.map(|set| set.trim().replace('\n', " ")) {
                Some(set) if set != value => report.left(
                    scope,
                    format!("variable {variable}={value} goes: the property {key} of {plugin} is {set:?}"),
                )?,
                // The same value may be our own, of a run that was cut off before it was noted.
                set => {
                    if set.is_none() {
                        moved.write(layout, scope, text)?;
                    }
                    let text = format!("variable {variable} is the property {key} of {plugin}: {value}");
                    report.taken(scope, text)?;
                }
            }
        }
    }
    Ok(())
}

/// Checks are switched off per app, so that a variable that did so for all did it for each there is.
fn targets(layout: &Layout, scope: &Scope, moved: &Moved) -> Outcome<Vec<Scope>> {
    match (scope, moved.plugin, moved.key) {
        (Scope::Global, "checks", "disabled" | "skipped") => {
            Ok(apps::all(layout)?.into_iter().map(Scope::App).collect())
        }
        _ => Ok(vec![scope.clone()]),
    }
}

//! Options as they are stored: a line each, by process type and phase (contract: formats.md section 12).

use crate::kernel::{Ctx, Result};
use crate::model::{AppName, Scope};
use crate::store::properties;

use super::DOMAIN;
use super::phases::Part;

/// Stands for all process types.
pub const ALL: &str = "_default_";

/// What an option is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The build of an image.
    Build,
    /// The app's containers.
    Deploy,
    /// One-off containers.
    Run,
}

impl Phase {
    /// All phases, alphabetical.
    pub const ALL: [Phase; 3] = [Phase::Build, Phase::Deploy, Phase::Run];

    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Phase::Build => "build",
            Phase::Deploy => "deploy",
            Phase::Run => "run",
        }
    }

    /// Under which key the options of a process type are stored.
    pub fn key(self, process_type: &str) -> String {
        format!("{process_type}.{}", self.word())
    }
}

/// The options under a key.
///
/// # Errors
/// When they cannot be read.
pub fn read(ctx: &Ctx, app: &AppName, key: &str) -> Result<Vec<String>> {
    let stored = properties::list(ctx.layout(), DOMAIN.plugin, &Scope::from(app), key)?;
    Ok(stored
        .iter()
        .map(|option| option.trim())
        .filter(|option| !option.is_empty())
        .map(str::to_owned)
        .collect())
}

/// Changes options; they are kept in order.
///
/// # Errors
/// When they cannot be read or written.
pub fn change(ctx: &Ctx, app: &AppName, part: &Part, act: impl Fn(&mut Vec<String>)) -> Result {
    let (layout, scope) = (ctx.layout(), Scope::from(app));
    let _lock = properties::locked(layout, DOMAIN.plugin, &scope)?;
    for key in part.keys() {
        let mut options = read(ctx, app, &key)?;
        act(&mut options);
        options.sort_unstable();
        properties::set_list(layout, DOMAIN.plugin, &scope, &key, &options)?;
    }
    Ok(())
}

/// The options as docker's client would be given them, with a space before each.
///
/// # Errors
/// When they cannot be read.
pub fn arguments(
    ctx: &Ctx,
    app: &AppName,
    process_type: &str,
    phase: Phase,
    builder: &str,
) -> Result<String> {
    let stored = read(ctx, app, &phase.key(process_type))?;
    let kept = stored.iter().filter(|option| is_for(option, phase, builder));
    Ok(kept.map(|option| format!(" {option}")).collect())
}

/// Options may be added to all phases at once, so those that make no sense in one are passed over there.
fn is_for(option: &str, phase: Phase, builder: &str) -> bool {
    let begins = |words: &[&str]| words.iter().any(|word| option.starts_with(word));
    if option.is_empty() || option.starts_with('#') {
        return false;
    }
    if begins(&["--restart"]) {
        return phase == Phase::Deploy;
    }
    match builder {
        "dockerfile" | "nixpacks" | "railpack" if phase == Phase::Build => {
            !begins(&["--link", "-v", "--volume"])
        }
        "herokuish" => !begins(&["--file", "--build-args"]),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_is_passed_over_where_it_makes_no_sense() {
        let link = "--link dokku.redis.x:dokku-redis-x";
        assert!(!is_for(link, Phase::Build, "dockerfile"));
        assert!(is_for(link, Phase::Build, "herokuish"));
        assert!(is_for(link, Phase::Deploy, "dockerfile") && is_for(link, Phase::Run, ""));
        assert!(is_for("--restart=always", Phase::Deploy, "dockerfile"));
        assert!(!is_for("--restart=always", Phase::Run, ""));
        assert!(!is_for("# a note", Phase::Deploy, ""));
    }
}

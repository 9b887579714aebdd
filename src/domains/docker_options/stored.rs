//! Options as they are stored: a line each, by process type and phase (contract: formats.md section 12).

use crate::kernel::{Ctx, Result};
use crate::model::{AppName, Scope};
use crate::store::properties;

use super::DOMAIN;

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
    fn word(self) -> &'static str {
        match self {
            Phase::Build => "build",
            Phase::Deploy => "deploy",
            Phase::Run => "run",
        }
    }
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
    let key = format!("{process_type}.{}", phase.word());
    let stored = properties::list(ctx.layout(), DOMAIN.plugin, &Scope::from(app), &key)?;
    let kept = stored.iter().map(|option| option.trim()).filter(|option| is_for(option, phase, builder));
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

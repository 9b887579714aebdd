//! The arguments that add, clear and remove share.

use crate::kernel::{Ctx, Failure, Result};
use crate::model::{AppName, RunPlan, docker_args};
use crate::platform::files;

use super::stored::{ALL, Phase};

/// Reads `build,deploy`.
///
/// # Errors
/// A word that names no phase.
pub fn parse(text: &str) -> Result<Vec<Phase>> {
    let mut phases = Vec::new();
    for word in text.split(',') {
        let known = Phase::ALL.into_iter().find(|phase| phase.word() == word);
        phases.push(known.ok_or_else(|| Failure::user("Phase(s) must be one of [build deploy run]"))?);
    }
    Ok(phases)
}

/// What of an app's options is meant: `_default_` or process types, and phases.
pub struct Part {
    /// Process types, or the word for all of them.
    pub processes: Vec<String>,
    /// What the options are for.
    pub phases: Vec<Phase>,
}

impl Part {
    /// Each process type is meant once, however often it was given.
    ///
    /// # Errors
    /// Process types together with phases that know none, or names that cannot be process types.
    pub fn of(processes: &[String], phases: Vec<Phase>) -> Result<Self> {
        if processes.is_empty() {
            return Ok(Part { processes: vec![ALL.to_owned()], phases });
        }
        let mut once: Vec<String> = Vec::new();
        for name in processes {
            check(name)?;
            if !once.contains(name) {
                once.push(name.clone());
            }
        }
        phases.iter().try_for_each(|phase| knows_processes(*phase))?;
        Ok(Part { processes: once, phases })
    }

    /// The keys of what is meant.
    pub fn keys(&self) -> impl Iterator<Item = String> {
        self.processes.iter().flat_map(|process| self.phases.iter().map(|phase| phase.key(process)))
    }
}

/// Refuses a name that no process type has.
///
/// # Errors
/// The word that stands for all, and the empty one.
pub fn check(process: &str) -> Result {
    match process {
        "" => Err(Failure::user("--process value must not be empty")),
        ALL => Err(Failure::user(format!("{ALL:?} is reserved and cannot be used as a --process value"))),
        _ => Ok(()),
    }
}

/// Refuses phases in which no process type is known: a build is the whole app's, a one-off container nobody's.
///
/// # Errors
/// Any phase but deploy.
pub fn knows_processes(phase: Phase) -> Result {
    if phase == Phase::Deploy {
        return Ok(());
    }
    Err(Failure::user(format!("--process is only supported for the deploy phase, got {:?}", phase.word())))
}

/// Warns of a process type that the app's Procfile does not have, if there is a Procfile.
///
/// # Errors
/// When it cannot be read.
pub fn warn_of_strangers(ctx: &Ctx, app: &AppName, processes: &[String]) -> Result {
    let procfile = ctx.layout().app_data("ps", app).join("Procfile");
    let Some(text) = files::read_text(&procfile)? else { return Ok(()) };
    let known = |name: &str| text.lines().any(|line| line.split(':').next().map(str::trim) == Some(name));
    for name in processes.iter().filter(|name| !known(name)) {
        ctx.out.warn(format!("Process type {name:?} is not declared in the Procfile for {app}"));
    }
    Ok(())
}

/// Warns of options that containers will not be made with: the next deploy would say so only after its build.
pub fn warn_of_refused(ctx: &Ctx, part: &Part, options: &[String]) {
    if !part.phases.iter().any(|phase| matches!(phase, Phase::Deploy | Phase::Run)) {
        return;
    }
    for option in options {
        let tried = docker_args::split_words(option)
            .and_then(|words| docker_args::add_run_options(&mut RunPlan::of_image("any"), &words, &|_| None));
        if let Err(fault) = tried {
            ctx.out.warn(fault.message);
            fault.hints.iter().for_each(|hint| ctx.out.warn(hint));
            ctx.out.warn("No container can be made with it; docker-options:remove takes it away");
        }
    }
}

/// Options as they are stored, one each, out of what was typed; and the process types that were named among them.
///
/// # Errors
/// A quote that does not end, a `--process` without a type, or nothing at all (`what` says what for).
pub fn options(words: &[String], what: &str) -> Result<(Vec<String>, Vec<String>)> {
    let (mut options, mut processes) = (Vec::new(), Vec::new());
    for group in docker_args::options_of(&words.join(" "))? {
        match group.split_first() {
            Some((first, rest)) if first == "--process" => match rest {
                [name] => processes.push(name.clone()),
                [] => return Err(Failure::user("--process requires a value")),
                more => {
                    let count = more.len();
                    return Err(Failure::user(format!("--process accepts a single value, got {count}")));
                }
            },
            Some((first, rest)) if first.starts_with("--process=") => {
                if !rest.is_empty() {
                    return Err(Failure::user("--process=value cannot be followed by additional tokens"));
                }
                processes.push(first["--process=".len()..].to_owned());
            }
            Some(_) => options.push(docker_args::join_words(&group)),
            None => {}
        }
    }
    if options.is_empty() {
        return Err(Failure::user(format!("Please specify docker options to {what} the phase")));
    }
    Ok((options, processes))
}

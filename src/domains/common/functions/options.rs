//! Docker options as plugins know them (contract: plugin-abi.md section 4).

use super::apps::word;
use crate::kernel::{BoxFuture, Ctx, Failure, Result, Stream};
use crate::model::{AppName, Scope, docker_args};
use crate::store::properties;

const PLUGIN: &str = "docker-options";
const PHASES: [&str; 3] = ["build", "deploy", "run"];

/// `fn-docker-args-split LINE`: the words a shell would make of it, nothing expanded, a NUL byte behind each.
pub fn split(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        let mut text = String::new();
        for word in docker_args::split_words(word(&words, 0))? {
            text.push_str(&word);
            text.push('\0');
        }
        // Whoever reads may have seen enough.
        let _ = ctx.out.raw(Stream::Stdout, text.as_bytes());
        Ok(())
    })
}

/// `add_passed_docker_option APP OPTION PHASE…`: adds the option to each phase that does not have it.
pub fn add(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        change(&ctx, &words, |options, option| {
            if !options.iter().any(|one| one == option) {
                options.push(option.to_owned());
            }
            options.sort_unstable();
        })
    })
}

/// `remove_passed_docker_option APP OPTION PHASE…`: removes the option, word for word, from each phase.
pub fn remove(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move { change(&ctx, &words, |options, option| options.retain(|one| one != option)) })
}

fn change(ctx: &Ctx, words: &[String], act: impl Fn(&mut Vec<String>, &str)) -> Result {
    let app: AppName = word(words, 0).parse()?;
    ctx.require_app(&app)?;
    let option = word(words, 1).trim();
    let phases = words.get(2..).unwrap_or_default();
    if let Some(unknown) = phases.iter().find(|phase| !PHASES.contains(&phase.as_str())) {
        return Err(Failure::user(format!("Phase(s) must be one of [{}], not {unknown}", PHASES.join(" "))));
    }
    let scope = Scope::App(app);
    let _lock = properties::locked(ctx.layout(), PLUGIN, &scope)?;
    for phase in phases {
        // Without a process type the options are those of all processes.
        let key = format!("_default_.{phase}");
        let mut options = properties::list(ctx.layout(), PLUGIN, &scope, &key)?;
        act(&mut options, option);
        properties::set_list(ctx.layout(), PLUGIN, &scope, &key, &options)?;
    }
    Ok(())
}

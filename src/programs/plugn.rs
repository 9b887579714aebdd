//! `plugn`, the runner of triggers: what it fires lands on the same bus as what the core fires
//! (contract: plugin-abi.md, section 1.5).

use std::process::ExitCode;

use crate::kernel::{Failure, Gate, Out, Registry, dispatch};
use crate::platform;
use crate::platform::env::Env;

const USAGE: &str = "Usage: plugn trigger NAME [ARGUMENT...]\n       plugn version\n\
Plugins are managed by: dokku plugin:help";

/// Runs `plugn` with the words behind its name.
pub fn run(words: &[String], env: &Env, registry: Registry) -> ExitCode {
    let out = Out::of_process(false, false);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["trigger", name, ..] if !name.is_empty() => trigger(&words[1..], env, registry),
        ["version"] => {
            out.plain(env!("CARGO_PKG_VERSION"));
            Ok(ExitCode::SUCCESS)
        }
        _ => Err(Failure::user(USAGE)),
    };
    done.unwrap_or_else(|failure| {
        failure.print(&out);
        ExitCode::from(failure.status())
    })
}

fn trigger(words: &[&str], env: &Env, registry: Registry) -> Result<ExitCode, Failure> {
    let words = words.iter().map(|word| (*word).to_owned()).collect();
    // Root's triggers run as root, as those of an installation must.
    let invocation = super::invocation(words, Gate::Caller, env, registry)?;
    Ok(ExitCode::from(platform::runtime()?.block_on(dispatch::trigger(invocation))))
}

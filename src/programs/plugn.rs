//! `plugn`, the runner of triggers: what it fires lands on the same bus as what the core fires
//! (contract: plugin-abi.md, section 1.5).

use std::process::ExitCode;

use crate::kernel::{Failure, Out, Registry, dispatch};
use crate::platform::env::Env;
use crate::platform::{self, Platform};
use crate::server::session;
use crate::store::Layout;

const USAGE: &str = "Usage: plugn trigger NAME [ARGUMENT...]\n       plugn version\n\
Plugins are managed by: dokku plugin:help";

/// Runs `plugn` with the words behind its name.
pub fn run(words: &[String], env: &Env, registry: Registry) -> ExitCode {
    let out = Out::of_process(false, false);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["trigger", name, ..] if !name.is_empty() => trigger(&words[1..], env.clone(), registry),
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

fn trigger(words: &[&str], mut env: Env, registry: Registry) -> Result<ExitCode, Failure> {
    let layout = Layout::from_env(&env);
    // Root's triggers run as root, as those of an installation must.
    session::leave_root(crate::kernel::Gate::Caller, &mut env, &layout)?;
    let invocation = dispatch::Invocation {
        words: words.iter().map(|word| (*word).to_owned()).collect(),
        env,
        layout,
        platform: Platform::real(),
        registry,
        sink: None,
    };
    Ok(ExitCode::from(platform::runtime()?.block_on(dispatch::trigger(invocation))))
}

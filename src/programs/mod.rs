//! Programs that plugins call by name. All of them are the one binary, run under another name; a link in the
//! image is all that each needs besides.

mod healthchecker;
pub mod image_labeler;
mod line;
mod netrc;
mod plugn;
mod procfile_util;
mod prop;
mod sigil;
mod sshcommand;

use std::process::ExitCode;

use crate::kernel::{Failure, Gate, Registry, dispatch};
use crate::platform;
use crate::platform::env::Env;
use crate::server::session;
use crate::store::{Layout, real_platform};

/// Runs the program of that name; `None` when the binary has no such name.
pub fn run(name: &str, words: &[String], env: &Env, registry: Registry) -> Option<ExitCode> {
    match name {
        "docker-container-healthchecker" => Some(healthchecker::run(words)),
        "docker-image-labeler" => Some(image_labeler::run(words, env)),
        "netrc" => Some(netrc::run(words, env)),
        "plugn" => Some(plugn::run(words, env, registry)),
        "procfile-util" => Some(procfile_util::run(words, env)),
        "prop" => Some(prop::run(words, env, registry)),
        "sigil" => Some(sigil::run(words, env)),
        "sshcommand" => Some(sshcommand::run(words, env, registry)),
        _ => None,
    }
}

/// Runs these words as `dokku` would, as the user whom the command is for.
fn dokku(words: Vec<String>, env: &Env, registry: Registry) -> Result<ExitCode, Failure> {
    let gate = dispatch::gate(&registry, &words);
    let invocation = invocation(words, gate, env, registry)?;
    Ok(ExitCode::from(platform::runtime()?.block_on(dispatch::run(invocation))))
}

fn invocation(
    words: Vec<String>,
    gate: Gate,
    env: &Env,
    registry: Registry,
) -> Result<dispatch::Invocation, Failure> {
    let mut env = env.clone();
    let layout = Layout::from_env(&env);
    session::leave_root(gate, &mut env, &layout)?;
    let platform = real_platform(&layout);
    Ok(dispatch::Invocation { words, env, layout, platform, registry, sink: None })
}

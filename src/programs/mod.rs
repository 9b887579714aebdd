//! Programs that plugins call by name. All of them are the one binary, run under another name; a link in the
//! image is all that each needs besides.

mod plugn;

use std::process::ExitCode;

use crate::kernel::Registry;
use crate::platform::env::Env;

/// Runs the program of that name; `None` when the binary has no such name.
pub fn run(name: &str, words: &[String], env: &Env, registry: Registry) -> Option<ExitCode> {
    match name {
        "plugn" => Some(plugn::run(words, env, registry)),
        _ => None,
    }
}

//! PID 1. A program of its own, because it lives as long as the container and needs next to nothing: `dokku init`
//! becomes it.

use std::process::ExitCode;

use dokku::init;
use dokku::platform::env::Env;

fn main() -> ExitCode {
    init::run(&Env::of_process())
}

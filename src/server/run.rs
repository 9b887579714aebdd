//! `dokku serve`: opens the doors and keeps them open.

use std::process::ExitCode;
use std::sync::Arc;

use tracing::{error, info};

use super::places::{Places, session_launch};
use super::ssh::{Door, Limits, Settings};
use super::{logging, places};
use crate::model::Outcome;
use crate::platform::env::Env;
use crate::platform::{Platform, net, user};
use crate::store::keys;

/// Serves until it is told to stop.
pub fn run(env: &Env, platform: Platform) -> ExitCode {
    logging::begin(env);
    let places = Places::from_env(env);
    let runtime = match crate::platform::server_runtime() {
        Ok(runtime) => runtime,
        Err(fault) => return failed(&fault),
    };
    match runtime.block_on(serve(env, places, platform)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => failed(&fault),
    }
}

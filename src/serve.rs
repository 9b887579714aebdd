//! The server. A program of its own beside `dokku`, which becomes it for the word `serve`: a process at rest costs the
//! pages of its program that lie around what it runs, and in here are none of the commands, which make up most of the
//! other's.

use std::process::ExitCode;

use dokku::platform::env::{Env, arguments};
use dokku::server;
use dokku::store::{Layout, server_platform};

fn main() -> ExitCode {
    let env = Env::of_process();
    match arguments().get(1).map(String::as_str) {
        Some(server::RSA_KEY) => server::make_rsa_key(&env),
        Some(_) | None => server::run(&env, server_platform(&Layout::from_env(&env))),
    }
}

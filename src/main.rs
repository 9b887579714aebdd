//! The program that people and plugins call: a command, or the door to what lives as long as the container.

use std::process::ExitCode;

use dokku::kernel::{Failure, Out, Registry, dispatch};
use dokku::platform::env::{Env, arguments, program_beside};
use dokku::platform::process;
use dokku::server::session;
use dokku::store::{Layout, real_platform};
use dokku::{domains, external, init, platform, programs, server};

const REGISTRY: Registry = Registry { domains: domains::ALL, plugins: external::plugins };

fn main() -> ExitCode {
    platform::waits::start();
    let arguments = arguments();
    let env = Env::of_process();
    let (name, words) =
        arguments.split_first().map_or(("dokku", &[][..]), |(name, words)| (name.as_str(), words));
    let name = name.rsplit('/').next().unwrap_or(name);
    if let Some(status) = programs::run(name, words, &env, REGISTRY) {
        return status;
    }
    match arguments.get(1).map(String::as_str) {
        Some(word @ ("init" | "serve")) => {
            let program = program_beside(&format!("dokku-{word}"));
            failed(process::become_other(&program, &arguments).into())
        }
        Some("forward") => init::forward::run(arguments.get(2..).unwrap_or_default(), &env),
        Some(server::clock::WORD) => server::clock::become_line(arguments.get(2..).unwrap_or_default(), &env),
        Some(_) | None => command(&arguments, env).unwrap_or_else(failed),
    }
}

fn failed(failure: Failure) -> ExitCode {
    failure.print(&Out::of_process(false, false));
    ExitCode::from(failure.status())
}

fn command(arguments: &[String], mut env: Env) -> Result<ExitCode, Failure> {
    let given = if session::is_session(arguments) {
        session::enter(arguments, &env)?;
        &[]
    } else {
        arguments.get(1..).unwrap_or_default()
    };
    let words = session::words(given, &mut env)?;
    let layout = Layout::from_env(&env);
    session::leave_root(dispatch::gate(&REGISTRY, &words), &mut env, &layout)?;
    let platform = real_platform(&layout);
    let invocation = dispatch::Invocation { words, env, layout, platform, registry: REGISTRY, sink: None };
    Ok(ExitCode::from(platform::runtime()?.block_on(dispatch::run(invocation))))
}

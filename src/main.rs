//! The one program of the container.

use std::process::ExitCode;

use dokku::kernel::{Registry, dispatch};
use dokku::platform::Platform;
use dokku::store::Layout;
use dokku::{domains, external, platform};

const REGISTRY: Registry = Registry { domains: domains::ALL, plugins: external::plugins };

fn main() -> ExitCode {
    let words = platform::env::arguments().split_off(1);
    let env = platform::env::Env::of_process();
    let layout = Layout::from_env(&env);
    let invocation = dispatch::Invocation {
        words,
        env,
        layout,
        platform: Platform::real(),
        registry: REGISTRY,
        sink: None,
    };
    match platform::runtime() {
        Ok(runtime) => ExitCode::from(runtime.block_on(dispatch::run(invocation))),
        Err(_) => ExitCode::FAILURE,
    }
}

//! What it takes to fire a trigger to which nobody listens, in microseconds, with so many plugins installed as the
//! argument says: too little for any clock outside of the process. `tests/bench/run.sh plugins` runs it.

#![allow(clippy::print_stdout, reason = "the figure is what it is run for")]
#![allow(clippy::disallowed_methods, reason = "it makes a world of its own")]

use std::sync::Arc;
use std::time::Instant;

use dokku::kernel::{Bus, Caller, Ctx, Flags, Out, Registry, exports};
use dokku::platform::env::Env;
use dokku::store::{Layout, Store, real_platform};
use dokku::triggers::PreStart;
use dokku::{domains, external, platform};

const TIMES: u32 = 100_000;

fn ctx(layout: &Layout) -> Ctx {
    let mut env: Env = [("PATH", "/usr/bin:/bin"), ("SSH_USER", "bench")].into_iter().collect();
    let (caller, flags) = (Caller::from_env(&env), Flags::default());
    exports::export(&mut env, layout, &caller, &flags, "bench");
    Ctx {
        caller: Arc::new(caller),
        out: Out::of_process(false, false),
        flags: Arc::new(flags),
        store: Store::new(layout.clone()),
        platform: real_platform(layout),
        visible_apps: None,
        bus: Bus::new(Registry { domains: domains::ALL, plugins: external::plugins }),
        env: Arc::new(env),
        has_input: false,
        folder: None,
        source: None,
    }
}

fn main() {
    let plugins: u32 = std::env::args().nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let layout = Layout::below(folder.path());
    for number in 0..plugins {
        let plugin = layout.plugins_enabled().join(format!("plugin{number}"));
        std::fs::create_dir_all(&plugin).expect("a folder");
        for file in ["plugin.toml", "commands", "install", "post-deploy"] {
            std::fs::write(plugin.join(file), "").expect("a file");
        }
    }
    let ctx = ctx(&layout);
    let trigger = PreStart { app: "shop".parse().expect("a name") };
    let seconds = platform::runtime().expect("a runtime").block_on(async {
        // Plugins are looked for once in a command's life.
        ctx.fire(trigger.clone()).await.expect("fired");
        let begun = Instant::now();
        for _ in 0..TIMES {
            ctx.fire(trigger.clone()).await.expect("fired");
        }
        begun.elapsed().as_secs_f64()
    });
    println!("{:.3}", seconds * 1e6 / f64::from(TIMES));
}

//! Stories told through the real image: real `ssh` and `git`, a real engine. They run where
//! `DOKKU_TEST_APPLIANCE` is set, as `tests/run.sh` does; else each returns at once.

mod attacks;
mod certificates;
mod clock;
mod crashes;
mod doors;
mod engine;
mod events;
mod everyday;
mod faults;
mod first_deploy;
mod kernels;
mod kills;
mod networks;
mod picks;
mod plugin_hosts;
mod plugins;
mod ports;
mod processes;
mod programs;
mod proxies;
mod queue;
mod registries;
mod releases;
mod rollback;
mod sockets;
mod storage;
mod takeover;
mod tasks;
mod vhosts;
mod volumes;

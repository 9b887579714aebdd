//! The outside world: engine, files, git objects, processes, clock, randomness. Nothing above this
//! room touches any of them directly; what tests must replace stands behind a trait.
#![allow(clippy::disallowed_methods, reason = "this room is where the outside world is touched")]
#![allow(clippy::wildcard_enum_match_arm, reason = "foreign enums are met here, and they grow")]

pub mod accounts;
pub mod acme;
pub mod attached;
pub mod clock;
pub mod control;
pub mod digest;
pub mod docker;
pub mod env;
pub mod files;
pub mod follow;
pub mod git;
pub mod host;
pub mod http_server;
pub mod json_lines;
pub mod kept_program;
pub mod leftovers;
pub mod links;
pub mod listening;
pub mod lock;
pub mod net;
pub mod nginx;
pub mod owned_folders;
pub mod probe;
pub mod process;
pub mod process_mark;
pub mod prompt;
pub mod proxy;
pub mod pty;
pub mod queue;
pub mod random;
pub mod rotate;
pub mod self_signed;
pub mod signals;
pub mod source;
pub mod standard_streams;
pub mod stdin;
pub mod steps;
pub mod stop;
pub mod stream;
pub mod supervise;
pub mod tail;
pub mod template_world;
pub mod terminal;
pub mod trust;
pub mod user;
pub mod volume;
pub mod waits;

use std::sync::Arc;

/// The outside world as one value: each part a trait object, so that a test can hand in its own.
#[derive(Clone)]
pub struct Platform {
    /// The engine that runs the apps.
    pub docker: Arc<dyn docker::Docker>,
    /// What time it is.
    pub clock: Arc<dyn clock::Clock>,
    /// Ids, names and ports that nobody can guess.
    pub random: Arc<dyn random::Random>,
    /// Told where a long story is; tests end it there.
    pub steps: Arc<dyn steps::Steps>,
    /// What puts routes to work.
    pub proxy: Arc<dyn proxy::Proxy>,
    /// What commands read.
    pub stdin: Arc<dyn stdin::Stdin>,
}

impl Platform {
    /// The real world, its engine working for this owner. Opens and connects nothing.
    pub fn real(owner: docker::Owner) -> Self {
        Self::on(docker::Engine::new(docker::Engine::SOCKET).owned_by(owner).that_builds())
    }

    /// The same for the server, which builds no images: commands do.
    pub fn of_server(owner: docker::Owner) -> Self {
        Self::on(docker::Engine::new(docker::Engine::SOCKET).owned_by(owner))
    }

    fn on(engine: docker::Engine) -> Self {
        Platform {
            clock: Arc::new(clock::SystemClock),
            random: Arc::new(random::SystemRandom),
            docker: Arc::new(engine),
            steps: Arc::new(steps::Unwatched),
            proxy: Arc::new(proxy::ServedProxy),
            stdin: Arc::new(stdin::ProcessStdin),
        }
    }
}

/// What the server runs on: few threads, for its work is carrying bytes.
///
/// # Errors
/// When the kernel gives no event queue or no thread.
pub fn server_runtime() -> crate::model::Outcome<tokio::runtime::Runtime> {
    use crate::model::Context;
    let threads = std::thread::available_parallelism().map_or(2, usize::from).clamp(2, 4);
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .max_blocking_threads(8)
        .enable_all()
        .build()
        .context(|| "cannot start")
}

/// What async code of a command runs on: this thread alone.
///
/// # Errors
/// When the kernel gives no event queue.
pub fn runtime() -> crate::model::Outcome<tokio::runtime::Runtime> {
    use crate::model::Context;
    tokio::runtime::Builder::new_current_thread().enable_all().build().context(|| "cannot start")
}

//! The life of PID 1.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use super::kept::Kept;
use crate::kernel::Out;
use crate::model::Outcome;
use crate::platform::env::{self, Env};
use crate::platform::supervise::{self, Program, Signals, Told};
use crate::platform::{files, process, user};
use crate::store::Layout;

/// How long nginx waits for `serve` to lay the volume out. Should serve never get there, routes are better than none.
const NGINX_WAITS: Duration = Duration::from_secs(5);

/// What a worker of nginx calls itself.
const NGINX_WORKER: &str = "nginx: worker process";

/// How long a stop may take for what was asked to end, before all else is asked.
const STOP_WITHIN: Duration = Duration::from_millis(3500);

/// How long all else then has.
const LAST_MOMENT: Duration = Duration::from_millis(500);

/// What to keep alive, and where orders stand.
#[derive(Clone, Debug)]
pub struct Orders {
    /// `dokku serve`.
    pub serve: Program,
    /// nginx, in the foreground.
    pub nginx: Program,
    /// While this file is there, nginx is not started.
    pub nginx_stopped: PathBuf,
    /// While this file is there, the volume is laid out and nginx may start.
    pub laid_out: PathBuf,
    /// Where our own number is written, for who wants to tell us something.
    pub own_pid: PathBuf,
}

impl Orders {
    /// As the environment says; without a word those of the image.
    pub fn from_env(env: &Env) -> Self {
        let layout = Layout::from_env(env);
        let nginx = env.get("DOKKU_NGINX").unwrap_or("/usr/sbin/nginx");
        let configuration = env.get("DOKKU_NGINX_CONFIG").unwrap_or("/etc/nginx/nginx.conf");
        // A test keeps a script alive in its place.
        let serve = env.get("DOKKU_SERVE").map_or_else(|| env::program_beside("dokku-serve"), PathBuf::from);
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Orders {
            serve: Program { path: serve, words: words(&["dokku", "serve"]), env: env.clone() },
            nginx: Program {
                path: PathBuf::from(nginx),
                words: words(&["nginx", "-c", configuration, "-g", "daemon off;"]),
                env: env.clone(),
            },
            nginx_stopped: layout.nginx_stopped(),
            laid_out: layout.laid_out(),
            own_pid: layout.init_pid(),
        }
    }
}

/// Keeps the container's programs alive until it is told to stop.
pub fn run(env: &Env) -> ExitCode {
    let out = Out::of_process(false, false);
    if !user::is_root() && process::own_pid() == 1 {
        out.warn("dokku init must run as root: start the container without --user");
    }
    match keep(&Orders::from_env(env), &out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            out.warn(fault.to_string());
            ExitCode::FAILURE
        }
    }
}

/// The loop. Ends only when it is told to.
fn keep(orders: &Orders, out: &Out) -> Outcome {
    let mut signals = Signals::take()?;
    supervise::adopt_orphans()?;
    // These three belong to an earlier life of this container's file system.
    for stale in [&orders.laid_out, &orders.nginx_stopped] {
        files::remove(stale)?;
    }
    files::write_as_root(&orders.own_pid, format!("{}\n", process::own_pid()).as_bytes(), 0o644)?;
    let now = Instant::now();
    let (mut serve, mut nginx) = (Kept::due(now), Kept::due(now + NGINX_WAITS));
    loop {
        let now = Instant::now();
        attend(&mut serve, &orders.serve, out, now);
        let nginx_may_run = !files::exists(&orders.nginx_stopped);
        if nginx_may_run {
            if nginx.is_due(now) {
                supervise::ask_orphans_to_finish(NGINX_WORKER);
            }
            attend(&mut nginx, &orders.nginx, out, now);
        }
        match signals.next(wait(&[&serve, &nginx], nginx_may_run, now)) {
            Some(Told::Stop) => break,
            Some(Told::LookAgain) => look_again(&mut nginx, orders),
            Some(Told::ChildrenEnded) => bury(&mut [("serve", &mut serve), ("nginx", &mut nginx)], out),
            None => {}
        }
    }
    stop(&mut signals, &serve, &nginx);
    Ok(())
}

/// The volume is laid out, or somebody wants nginx back.
fn look_again(nginx: &mut Kept, orders: &Orders) {
    if nginx.pid().is_none() && files::exists(&orders.laid_out) {
        *nginx = Kept::due(Instant::now());
    }
}

fn attend(kept: &mut Kept, program: &Program, out: &Out, now: Instant) {
    if !kept.is_due(now) {
        return;
    }
    match supervise::start(program) {
        Ok(pid) => kept.started(pid, now),
        Err(fault) => {
            out.warn(fault.to_string());
            kept.ended(now);
        }
    }
}

/// Until the next start is due; as long as it takes when none is.
fn wait(all: &[&Kept; 2], nginx_may_run: bool, now: Instant) -> Option<Duration> {
    let [serve, nginx] = all;
    let nginx = nginx_may_run.then(|| nginx.due_in(now)).flatten();
    serve.due_in(now).into_iter().chain(nginx).min()
}

fn bury(kept: &mut [(&str, &mut Kept); 2], out: &Out) {
    for (pid, how) in supervise::reap() {
        for (name, one) in kept.iter_mut() {
            if one.pid() == Some(pid) {
                out.warn(format!("{name} ended ({how})"));
                one.ended(Instant::now());
            }
        }
    }
}

/// nginx finishes its requests and serve its commands, in less than the ten seconds that Docker grants.
fn stop(signals: &mut Signals, serve: &Kept, nginx: &Kept) {
    if let Some(pid) = serve.pid() {
        supervise::ask_to_stop(pid);
    }
    if let Some(pid) = nginx.pid() {
        supervise::ask_to_finish(pid);
    }
    let both_gone = |gone: &[i32]| [serve.pid(), nginx.pid()].iter().flatten().all(|pid| gone.contains(pid));
    let mut gone = Vec::new();
    reap_until(signals, STOP_WITHIN, |ended| {
        gone.extend(ended);
        both_gone(&gone)
    });
    supervise::ask_all_to_stop();
    reap_until(signals, LAST_MOMENT, |_| !supervise::has_children());
}

fn reap_until(signals: &mut Signals, time: Duration, mut is_done: impl FnMut(Vec<i32>) -> bool) {
    let deadline = Instant::now() + time;
    loop {
        let ended = supervise::reap().into_iter().map(|(pid, _)| pid).collect();
        let left = deadline.saturating_duration_since(Instant::now());
        if is_done(ended) || left.is_zero() {
            return;
        }
        signals.next(Some(left));
    }
}

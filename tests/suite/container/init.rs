//! `dokku init` with shell scripts in place of serve and nginx.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

struct Init {
    folder: TempDir,
    process: Child,
}

impl Init {
    /// Starts it with what serve and nginx are to do; `$HERE` is the test's folder, `$1` serve's number of this start.
    fn start(serve: &str, nginx: &str) -> Self {
        Self::start_by(&[env!("CARGO_BIN_EXE_dokku")], serve, nginx)
    }

    /// As [`Self::start`], with the words that start the program itself.
    fn start_by(starter: &[&str], serve: &str, nginx: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, body) in [("serve", serve), ("nginx", nginx)] {
            let path = folder.path().join(name);
            let text = format!(
                "#!/bin/sh\nHERE={}\necho $$ >> $HERE/{name}.pids\n{body}\n",
                folder.path().display()
            );
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
        }
        let process = Command::new(starter[0])
            .args(&starter[1..])
            .arg("init")
            .env("DOKKU_SERVE", folder.path().join("serve"))
            .env("DOKKU_NGINX", folder.path().join("nginx"))
            .env("DOKKU_RUN_DIR", folder.path().join("run"))
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Init { folder, process }
    }

    fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(i32::try_from(self.process.id()).unwrap()), signal).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn pids(&self, name: &str) -> Vec<i32> {
        let text = fs::read_to_string(self.path(&format!("{name}.pids"))).unwrap_or_default();
        text.lines().filter_map(|line| line.parse().ok()).collect()
    }

    /// Waits until the program was started this often; its last process.
    fn await_start(&self, name: &str, count: usize) -> i32 {
        until(|| self.pids(name).len() >= count, &format!("start {count} of {name}"));
        self.pids(name)[count - 1]
    }

    fn lay_out(&self) {
        until(|| self.path("run/init.pid").exists(), "its number");
        fs::write(self.path("run/laid-out"), "").unwrap();
        self.signal(Signal::SIGUSR1);
    }
}

impl Drop for Init {
    fn drop(&mut self) {
        if self.process.try_wait().is_ok_and(|ended| ended.is_none()) {
            self.signal(Signal::SIGTERM);
            let _ = self.process.wait();
        }
    }
}

fn until(condition: impl Fn() -> bool, what: &str) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !condition() {
        assert!(Instant::now() < deadline, "this does not come: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

const SLEEP: &str = "exec sleep 60";

#[test]
fn serve_is_started_again_at_once_and_nginx_stays() {
    let init = Init::start(SLEEP, SLEEP);
    let first = init.await_start("serve", 1);
    init.lay_out();
    init.await_start("nginx", 1);
    let died = Instant::now();
    kill(Pid::from_raw(first), Signal::SIGKILL).unwrap();
    init.await_start("serve", 2);
    assert!(died.elapsed() < Duration::from_secs(5));
    assert_eq!(init.pids("nginx").len(), 1);
}

#[test]
fn nginx_waits_for_the_volume_and_stays_stopped_while_a_file_says_so() {
    let init = Init::start(SLEEP, SLEEP);
    init.await_start("serve", 1);
    assert!(init.pids("nginx").is_empty());
    init.lay_out();
    let nginx = init.await_start("nginx", 1);

    fs::write(init.path("run/nginx.stopped"), "").unwrap();
    kill(Pid::from_raw(nginx), Signal::SIGQUIT).unwrap();
    until(|| !PathBuf::from(format!("/proc/{nginx}")).exists(), "the end of nginx");
    // The next thing it does is a new start of serve, so it has seen the end of nginx by then.
    kill(Pid::from_raw(init.pids("serve")[0]), Signal::SIGKILL).unwrap();
    init.await_start("serve", 2);
    assert_eq!(init.pids("nginx").len(), 1);

    fs::remove_file(init.path("run/nginx.stopped")).unwrap();
    init.signal(Signal::SIGUSR1);
    init.await_start("nginx", 2);
}

#[test]
fn a_stop_reaches_both_and_takes_less_than_five_seconds() {
    let serve = "trap 'echo TERM >> $HERE/told; exit 0' TERM; while :; do sleep 0.02; done";
    let nginx = "trap 'echo QUIT >> $HERE/told; exit 0' QUIT; while :; do sleep 0.02; done";
    let mut init = Init::start(serve, nginx);
    init.await_start("serve", 1);
    init.lay_out();
    init.await_start("nginx", 1);
    let began = Instant::now();
    init.signal(Signal::SIGTERM);
    let status = init.process.wait().unwrap();
    assert!(status.success(), "{status}");
    assert!(began.elapsed() < Duration::from_secs(5));
    let mut told: Vec<String> =
        fs::read_to_string(init.path("told")).unwrap().lines().map(str::to_owned).collect();
    told.sort();
    assert_eq!(told, ["QUIT", "TERM"]);
}

#[test]
fn signals_that_its_own_starter_ignored_reach_the_programs() {
    let program = "trap 'echo heard >> $HERE/told; exit 0' QUIT TERM; while :; do sleep 0.02; done";
    let deafened = "trap '' INT QUIT TERM; exec \"$@\"";
    let starter = ["sh", "-c", deafened, "sh", env!("CARGO_BIN_EXE_dokku")];
    let mut init = Init::start_by(&starter, program, program);
    init.await_start("serve", 1);
    init.lay_out();
    init.await_start("nginx", 1);
    init.signal(Signal::SIGTERM);
    assert!(init.process.wait().unwrap().success());
    assert_eq!(fs::read_to_string(init.path("told")).unwrap(), "heard\nheard\n");
}

#[test]
fn who_does_not_listen_does_not_hold_the_stop_up() {
    let deaf = "trap '' TERM QUIT; while :; do sleep 0.1; done";
    let mut init = Init::start(deaf, SLEEP);
    let serve = init.await_start("serve", 1);
    let began = Instant::now();
    init.signal(Signal::SIGTERM);
    assert!(init.process.wait().unwrap().success());
    assert!(began.elapsed() < Duration::from_secs(5));
    // In a container the kernel ends what is left with PID 1.
    kill(Pid::from_raw(serve), Signal::SIGKILL).unwrap();
}

#[test]
fn orphans_are_reaped() {
    let serve = "(sh -c 'echo $$ > $HERE/orphan.pid; sleep 0.1' &) ; exec sleep 60";
    let init = Init::start(&format!("export HERE; {serve}"), SLEEP);
    until(|| init.path("orphan.pid").exists(), "the orphan");
    let orphan = fs::read_to_string(init.path("orphan.pid")).unwrap().trim().to_owned();
    until(|| !PathBuf::from(format!("/proc/{orphan}")).exists(), "the orphan's burial");
}

#[test]
fn a_program_that_cannot_be_started_is_no_reason_to_end() {
    let mut init = Init::start("exit 1", "exit 1");
    init.await_start("serve", 2);
    assert!(init.process.try_wait().unwrap().is_none());
}

/// A process costs the pages of its program around what it runs, for as long as it lives: what lives for ever is
/// a program without the commands. Something that it names of a domain would bring them all back in.
#[test]
fn what_lives_for_ever_is_a_small_program() {
    let size = |path| fs::metadata(path).unwrap().len();
    let (serve, dokku) = (size(env!("CARGO_BIN_EXE_dokku-serve")), size(env!("CARGO_BIN_EXE_dokku")));
    assert!(serve * 3 < dokku * 2, "dokku-serve has {serve} bytes, and dokku {dokku}");
}

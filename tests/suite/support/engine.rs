//! A second Docker engine beside the machine's own: its own data, socket and bridge, so that a test may
//! stop and start it.

use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use super::appliance::{docker, docker_at, image, run_id};
use super::processes::kill_families;
use super::shell::run;
use super::wait::until_true;

/// The machine's own engine forbids what it does not know; containers of one bridge must reach each other.
fn allow_within(bridge: &str, change: &str) {
    run(10, &["iptables", change, "FORWARD", "-i", bridge, "-o", bridge, "-j", "ACCEPT"], &[], b"");
}

/// Runs until the value goes; what it stored goes with it.
pub struct Engine {
    folder: tempfile::TempDir,
    bridge: String,
    /// Those of further networks.
    bridges: Vec<String>,
    process: Option<Child>,
}

impl Engine {
    /// Started, with the images that the stories need.
    pub fn start() -> Self {
        // Names of network devices have fifteen characters at most.
        let bridge = format!("dk{}", run_id().trim_start_matches('t'));
        let folder = tempfile::Builder::new().prefix("dokku-engine").tempdir().expect("a folder");
        // Each of this process has its own, for stories run side by side.
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let subnet = 16 + (std::process::id() + COUNT.fetch_add(1, Ordering::Relaxed)) % 200;
        run(30, &["ip", "link", "add", "name", &bridge, "type", "bridge"], &[], b"").ok();
        run(30, &["ip", "addr", "add", &format!("10.213.{subnet}.1/24"), "dev", &bridge], &[], b"").ok();
        run(30, &["ip", "link", "set", &bridge, "up"], &[], b"").ok();
        let mut engine = Engine { folder, bridge, bridges: Vec::new(), process: None };
        allow_within(&engine.bridge, "-I");
        engine.begin();
        let archive = engine.path("images.tar");
        docker(&["save", "-o", &archive, &image(), "busybox:latest"]).ok();
        docker_at(&engine.host(), &["load", "-q", "-i", &archive]).ok();
        engine
    }

    /// Lets the containers of one of its networks reach each other, as its own firewall would.
    pub fn let_talk(&mut self, network: &str) {
        let id = docker_at(&self.host(), &["network", "inspect", "-f", "{{.Id}}", network]).ok().out;
        let bridge = format!("br-{}", &id[..12]);
        allow_within(&bridge, "-I");
        self.bridges.push(bridge);
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_string_lossy().into_owned()
    }

    /// Where its socket is.
    pub fn socket(&self) -> String {
        self.path("docker.sock")
    }

    /// What a client calls it.
    pub fn host(&self) -> String {
        format!("unix://{}", self.socket())
    }

    /// Starts the daemon and waits until it answers.
    pub fn begin(&mut self) {
        let log = std::fs::File::create(self.path("log")).expect("a file");
        let process = Command::new("dockerd")
            .args([
                "--data-root",
                &self.path("data"),
                "--exec-root",
                &self.path("exec"),
                "--pidfile",
                &self.path("pid"),
            ])
            .args(["--host", &self.host(), "--bridge", &self.bridge])
            // The firewall's chains have the same names for all engines of a machine: it would empty the others'.
            // Ports are published by docker-proxy all the same.
            .args(["--iptables=false", "--ip6tables=false"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::from(log))
            .spawn()
            .expect("the tests' engine came with dockerd");
        self.process = Some(process);
        until_true(60, "the second engine answers", || docker_at(&self.host(), &["version"]).status == 0);
    }

    /// Stops the daemon as a package upgrade does, and waits until it is gone.
    pub fn end(&mut self) {
        if let Some(mut process) = self.process.take() {
            run(5, &["kill", &process.id().to_string()], &[], b"");
            process.wait().expect("it ends");
        }
    }

    /// All ends at once, as when the host loses its power: the daemon, the containers and who watches them. What a host
    /// keeps in memory only is gone as well.
    pub fn lose_power(&mut self) {
        let Some(mut process) = self.process.take() else { return };
        let exec = self.path("exec");
        // The daemon and who watches the containers name the folder in their command lines.
        kill_families(&exec);
        process.wait().expect("it was killed");
        self.unmount();
        for bridge in &self.bridges {
            run(10, &["ip", "link", "delete", bridge], &[], b"").ok();
        }
        std::fs::remove_dir_all(&exec).expect("nobody holds it");
        std::fs::remove_file(self.path("pid")).expect("it was not removed in order");
    }

    /// Lets go of what is still mounted below the folder, which would keep it from being removed.
    fn unmount(&self) {
        let mounts = std::fs::read_to_string("/proc/mounts").unwrap_or_default();
        let below = self.folder.path().to_string_lossy().into_owned();
        for point in
            mounts.lines().filter_map(|line| line.split(' ').nth(1)).filter(|point| point.starts_with(&below))
        {
            run(10, &["umount", "-l", point], &[], b"");
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.end();
        for bridge in self.bridges.iter().chain([&self.bridge]) {
            allow_within(bridge, "-D");
            run(10, &["ip", "link", "delete", bridge], &[], b"");
        }
        self.unmount();
    }
}

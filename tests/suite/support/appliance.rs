//! A running appliance: the real image on the real engine, with ports, names, a volume and a key of its
//! own. It and all it made are removed when the value goes.

use std::fs;
use std::net::TcpListener;
use std::process::Child;
use std::sync::atomic::{AtomicU32, Ordering};

use super::http::{Answer, get};
use super::repository::{ENVIRONMENT, Repository};
use super::shell::{Ran, run, timed};
use super::wait::until_true;

const HEALTH: &str = "http://127.0.0.1:18080/_dokku/health";

/// What differs from the documented run line.
#[derive(Default)]
pub struct Options {
    /// The engine that runs it, as a client names it; the machine's own without it.
    pub engine: Option<String>,
    /// The socket that is mounted; the machine's own without it.
    pub socket: Option<String>,
    /// The image; the one that is tested without it.
    pub image: Option<String>,
    /// What is mounted on `/mnt/dokku`; a volume of its own without it.
    pub data: Option<String>,
    /// What follows the mount point: `:ro`, or nothing.
    pub mount_mode: &'static str,
    /// Further words for `docker run`.
    pub extra: Vec<String>,
    /// False where the appliance is not expected to become healthy.
    pub is_sick: bool,
}

/// An appliance with one user, `admin`, whose key the tests hold.
pub struct Appliance {
    /// Container and volume are named so; app names end in it.
    pub run: String,
    /// The published port of SSH, and those of the web.
    pub ports: [u16; 3],
    folder: tempfile::TempDir,
    options: Options,
}

/// Asks the machine's engine.
pub fn docker(words: &[&str]) -> Ran {
    run_client(None, words, b"", 120)
}

/// Builds an image of a folder under this name.
pub fn build_image(folder: &std::path::Path, name: &str) -> Ran {
    let client = std::env::var("DOCKER").unwrap_or_else(|_| "docker".into());
    let folder = folder.display().to_string();
    run(600, &[&client, "build", "-q", "-t", name, &folder], &[("DOCKER_BUILDKIT", "1")], b"")
}

/// Asks another engine.
pub fn docker_at(host: &str, words: &[&str]) -> Ran {
    run_client(Some(host), words, b"", 120)
}

/// With the client that can talk to the engine, as tests/run.sh found it.
fn run_client(host: Option<&str>, words: &[&str], input: &[u8], seconds: u32) -> Ran {
    let client = std::env::var("DOCKER").unwrap_or_else(|_| "docker".into());
    let mut line = vec![client.as_str()];
    line.extend(host.iter().flat_map(|host| ["-H", host]));
    line.extend(words);
    run(seconds, &line, &[], input)
}

/// False where only `cargo test` was typed: the stories need an engine and an image, and say so.
pub fn is_wanted() -> bool {
    std::env::var_os("DOKKU_TEST_APPLIANCE").is_some()
}

/// The image under test.
pub fn image() -> String {
    std::env::var("DOKKU_TEST_IMAGE").unwrap_or_else(|_| "dokku/dokku:test".into())
}

/// Unique on this machine, and telling which process made it: `tests/run.sh` sweeps by that.
pub fn run_id() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("t{}x{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// A port of the machine that nobody has.
pub fn free_port() -> u16 {
    let held = TcpListener::bind(("0.0.0.0", 0)).expect("a free port");
    held.local_addr().expect("it is bound").port()
}

fn free_ports() -> [u16; 3] {
    // Held together, so that they differ; let go only just before the engine takes them.
    let held = [0; 3].map(|_| TcpListener::bind(("0.0.0.0", 0)).expect("a free port"));
    held.map(|listener| listener.local_addr().expect("it is bound").port())
}

impl Appliance {
    /// As documented, healthy, with the key added. None where the stories are not wanted.
    pub fn start() -> Option<Self> {
        Self::with(Options::default())
    }

    /// The same with something else about it.
    pub fn with(options: Options) -> Option<Self> {
        if !is_wanted() {
            return None;
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        let appliance = Appliance { run: run_id(), ports: free_ports(), folder, options };
        appliance.make_key("key");
        appliance.boot();
        if !appliance.options.is_sick {
            appliance.wait_healthy();
            appliance.add_key("admin", "key");
            let patience = ["config:set", "--global", "DOKKU_WAIT_TO_RETIRE=1", "DOKKU_CHECKS_WAIT=1"];
            appliance.dokku(&patience).ok();
        }
        Some(appliance)
    }

    /// Starts a container on the volume that there is; `docker rm -f` first makes it an upgrade.
    pub fn boot(&self) {
        // A port may have been taken in the moment since it was found free.
        let started = self.docker_run();
        assert!(started.status == 0, "{started}");
    }

    fn docker_run(&self) -> Ran {
        let publish = |outer: u16, inner: u16| format!("{outer}:{inner}");
        let [ssh, http, https] = self.ports;
        let (ssh, http, https) = (publish(ssh, 22), publish(http, 80), publish(https, 443));
        let data = format!(
            "{}:/mnt/dokku{}",
            self.options.data.as_deref().unwrap_or(&self.name()),
            self.options.mount_mode
        );
        let socket = self.options.socket.as_deref().unwrap_or("/var/run/docker.sock");
        let socket = format!("{socket}:/var/run/docker.sock");
        let (name, label, image) = (
            self.name(),
            format!("dokku.test.run={}", &self.run),
            self.options.image.clone().unwrap_or_else(image),
        );
        let mut words = vec!["run", "-d", "--restart", "unless-stopped", "--name", &name, "--label", &label];
        words.extend(["-p", &ssh, "-p", &http, "-p", &https, "-v", &data, "-v", &socket]);
        words.extend(self.options.extra.iter().map(String::as_str));
        words.push(&image);
        self.docker(&words)
    }

    /// Asks the engine that runs the appliance.
    pub fn docker(&self, words: &[&str]) -> Ran {
        run_client(self.options.engine.as_deref(), words, b"", 120)
    }

    /// The container's name, which is the volume's too.
    pub fn name(&self) -> String {
        format!("dokku-{}", self.run)
    }

    /// A name for an app that no other run uses.
    pub fn app(&self, word: &str) -> String {
        format!("{word}-{}", self.run)
    }

    /// Waits until the health endpoint says so, for at most a minute.
    #[track_caller]
    pub fn wait_healthy(&self) {
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
        while self.health().status != 0 {
            let logs = self.docker(&["logs", "--tail", "40", &self.name()]);
            assert!(std::time::Instant::now() < deadline, "not healthy: {}\n{logs}", self.health());
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
    }

    /// What the health endpoint says; status 0 means healthy.
    pub fn health(&self) -> Ran {
        self.inside(&["curl", "-sS", "--fail-with-body", &format!("{HEALTH}?format=json")])
    }

    /// Runs a program in the container as root.
    pub fn inside(&self, words: &[&str]) -> Ran {
        self.inside_with(words, b"")
    }

    /// The same with something on its standard input.
    pub fn inside_with(&self, words: &[&str], input: &[u8]) -> Ran {
        let name = self.name();
        let mut line = vec!["exec", "-i", &name];
        line.extend(words);
        run_client(self.options.engine.as_deref(), &line, input, 180)
    }

    /// A command by way of `docker exec`.
    pub fn dokku(&self, words: &[&str]) -> Ran {
        let mut line = vec!["dokku"];
        line.extend(words);
        self.inside(&line)
    }

    /// A command by way of SSH, as the user `admin`.
    pub fn ssh(&self, words: &[&str]) -> Ran {
        self.ssh_as("dokku", "key", words)
    }

    /// A command by way of SSH, with another user name or another key.
    pub fn ssh_as(&self, user: &str, key: &str, words: &[&str]) -> Ran {
        let port = self.ports[0].to_string();
        let key = self.path_of(key);
        let target = format!("{user}@127.0.0.1");
        let mut line = vec!["ssh"];
        line.extend(SSH_OPTIONS.iter().flat_map(|option| ["-o", option]));
        line.extend(["-F", "none", "-i", &key, "-p", &port, &target]);
        line.extend(words);
        run(180, &line, &[], b"")
    }

    /// A new ed25519 key pair in the tests' folder.
    pub fn make_key(&self, name: &str) {
        run(
            30,
            &["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", &self.path_of(name)],
            &[],
            b"",
        )
        .ok();
    }

    /// Makes a key known under a name.
    pub fn add_key(&self, user: &str, key: &str) {
        let public = fs::read(self.path_of(&format!("{key}.pub"))).expect("it was made");
        self.inside_with(&["dokku", "ssh-keys:add", user], &public).ok();
    }

    /// A path in the tests' own folder.
    pub fn path_of(&self, name: &str) -> String {
        self.folder.path().join(name).to_string_lossy().into_owned()
    }

    /// What git needs to reach the appliance.
    pub fn git_environment(&self, key: &str) -> Vec<(String, String)> {
        let options: String = SSH_OPTIONS.iter().map(|option| format!(" -o {option}")).collect();
        let ssh = format!("ssh -F none -i {}{options}", self.path_of(key));
        vec![("GIT_SSH_COMMAND".into(), ssh), ("GIT_SSH_VARIANT".into(), "ssh".into())]
    }

    /// The address of an app's repository.
    pub fn url(&self, app: &str) -> String {
        format!("ssh://dokku@127.0.0.1:{}/{app}", self.ports[0])
    }

    /// Pushes the branch `main`.
    pub fn push(&self, repository: &Repository, app: &str) -> Ran {
        self.git(repository, &["push", &self.url(app), "main"])
    }

    /// Runs git in the repository, with the appliance in reach.
    pub fn git(&self, repository: &Repository, words: &[&str]) -> Ran {
        let environment = self.git_environment("key");
        let environment: Vec<(&str, &str)> =
            environment.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        repository.git_with(words, &environment)
    }

    /// The same, left running: the caller kills it or waits for it.
    pub fn git_started(&self, repository: &Repository, words: &[&str]) -> Child {
        self.git_started_for(120, repository, words)
    }

    /// The same with so many seconds until it is ended.
    pub fn git_started_for(&self, seconds: u32, repository: &Repository, words: &[&str]) -> Child {
        let folder = repository.path().to_string_lossy().into_owned();
        let mut line = vec!["git", "-C", &folder];
        line.extend(words);
        let environment = self.git_environment("key");
        let mut all = ENVIRONMENT.to_vec();
        all.extend(environment.iter().map(|(k, v)| (k.as_str(), v.as_str())));
        timed(seconds, &line, &all).spawn().expect("git starts")
    }

    /// The page of an app.
    pub fn get(&self, app: &str, path: &str) -> Result<Answer, String> {
        get(self.ports[1], &format!("{app}.localhost"), path)
    }

    /// Waits until the app's page contains this.
    #[track_caller]
    pub fn wait_page(&self, app: &str, text: &str) {
        until_true(20, &format!("the page of {app} says {text}"), || {
            self.get(app, "/").is_ok_and(|answer| answer.status == 200 && answer.body.contains(text))
        });
    }

    /// What the references of an app's repository point to, as plain git reads it on the volume.
    pub fn tips(&self, app: &str) -> Vec<String> {
        let folder = format!("/home/dokku/{app}");
        let listed = self.inside(&[
            "git",
            "-c",
            "safe.directory=*",
            "-C",
            &folder,
            "for-each-ref",
            "--format=%(objectname)",
        ]);
        listed.ok().out.lines().map(str::to_owned).collect()
    }

    /// Containers of an app, running or not, as `docker ps` lists their names.
    pub fn containers(&self, app: &str) -> Vec<String> {
        let filter = format!("label=com.dokku.app-name={app}");
        let listed = self.docker(&["ps", "-a", "--filter", &filter, "--format", "{{.Names}}"]).ok();
        listed.out.lines().map(str::to_owned).collect()
    }
}

const SSH_OPTIONS: &[&str] = &[
    "BatchMode=yes",
    "IdentitiesOnly=yes",
    "StrictHostKeyChecking=no",
    "UserKnownHostsFile=/dev/null",
    "LogLevel=ERROR",
    "ConnectTimeout=10",
];

impl Drop for Appliance {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let logs = self.docker(&["logs", "--tail", "60", &self.name()]);
            eprintln!("the appliance's log:\n{}", logs.text());
        }
        self.docker(&["rm", "-f", "-v", &self.name()]);
        let listed = self.docker(&[
            "ps",
            "-a",
            "--filter",
            "label=com.dokku.app-name",
            "--format",
            "{{.ID}} {{.Label \"com.dokku.app-name\"}}",
        ]);
        for line in listed.out.lines().filter(|line| line.ends_with(&self.run)) {
            self.docker(&["rm", "-f", "-v", line.split(' ').next().unwrap_or_default()]);
        }
        let images = self.docker(&["images", "--format", "{{.Repository}}:{{.Tag}}"]);
        for name in images.out.lines().filter(|name| name.contains(&format!("-{}:", self.run))) {
            self.docker(&["rmi", "-f", name]);
        }
        // What publishes ports beside the appliance bears its labels.
        let beside = format!("label=dokku.test.run={}", self.run);
        let listed = self.docker(&["ps", "-aq", "--filter", &beside]);
        for id in listed.out.split_whitespace() {
            self.docker(&["rm", "-f", "-v", id]);
        }
        self.docker(&["network", "rm", &format!("{}-ports", self.name())]);
        self.docker(&["volume", "rm", "-f", &self.name()]);
    }
}

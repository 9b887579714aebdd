//! A door of its own for each test: free port, own keys, a shell in place of dokku.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use dokku::platform::attached::Launch;
use dokku::platform::clock::SystemClock;
use dokku::platform::env::Env;
use dokku::platform::net::listen;
use dokku::server::ssh::{Door, Limits, Settings};
use dokku::store::keys;
use tempfile::TempDir;

/// What the shell does in place of dokku: it runs what the client asked for, in a session of its own.
const STUB: &str = r#"
if [ "$0" = terminal ]; then exec setsid --ctty sh -c "${SSH_ORIGINAL_COMMAND:-echo no command}"; fi
exec setsid sh -c "${SSH_ORIGINAL_COMMAND:-echo no command}"
"#;

/// A running door.
pub struct TestDoor {
    /// Holds keys and whatever a test writes.
    pub folder: TempDir,
    /// Where it listens.
    pub address: SocketAddr,
    _runtime: tokio::runtime::Runtime,
}

impl TestDoor {
    /// A door with the usual limits, and the key `admin` admitted.
    pub fn open() -> Self {
        TestDoor::open_with(Limits::default())
    }

    /// A door with these limits.
    pub fn open_with(limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let path = format!("{}:/usr/bin:/bin:/usr/sbin:/sbin", folder.path().display());
        let env: Env =
            [("PATH", path.as_str()), ("HOME", "/tmp"), ("BASE", "from serve")].into_iter().collect();
        let launch = Launch {
            program: PathBuf::from("/bin/sh"),
            arguments: vec!["sh".into(), "-c".into(), STUB.into()],
            env,
            terminal: None,
        };
        let settings = Settings {
            users: vec!["dokku".into(), "git".into()],
            authorized_keys: folder.path().join(".ssh/authorized_keys"),
            launch,
            terminal_owner: None,
            limits,
        };
        let host_keys = keys::load_host_keys(&folder.path().join("etc/ssh")).unwrap();
        let door = Door::new(settings, host_keys, Arc::new(SystemClock));
        let listener = runtime.block_on(async { listen("127.0.0.1:0".parse().unwrap()) }).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(door.serve(listener));
        let door = TestDoor { folder, address, _runtime: runtime };
        door.add_key("admin", "ed25519", keys::DEFAULT_RESTRICTIONS);
        door
    }

    /// Makes a key of a type of ssh-keygen and admits it; returns its private file.
    pub fn add_key(&self, name: &str, key_type: &str, restrictions: &str) -> PathBuf {
        let file = self.make_key(name, key_type);
        let public = fs::read_to_string(file.with_extension("pub")).unwrap();
        keys::add(self.folder.path(), name, &public, restrictions).unwrap();
        file
    }

    /// Makes a key and admits it nowhere.
    pub fn make_key(&self, name: &str, key_type: &str) -> PathBuf {
        let file = self.key(name);
        let (kind, bits) = key_type.split_once(' ').unwrap_or((key_type, ""));
        let mut command = Command::new("ssh-keygen");
        command.args(["-q", "-N", "", "-C", "test", "-t", kind, "-f"]).arg(&file);
        if !bits.is_empty() {
            command.args(["-b", bits]);
        }
        assert!(command.status().unwrap().success());
        file
    }

    /// The private file of the key of this name.
    pub fn key(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// OpenSSH's client with these options, as `dokku` with the key `admin`; a command may follow.
    pub fn ssh(&self, options: &[&str]) -> Command {
        self.ssh_as("dokku", &self.key("admin"), options)
    }

    /// OpenSSH's client as this user with this key.
    pub fn ssh_as(&self, user: &str, key: &Path, options: &[&str]) -> Command {
        let mut command = Command::new("timeout");
        command
            .args([
                "--foreground",
                "30",
                "ssh",
                "-F",
                "/dev/null",
                "-p",
                &self.address.port().to_string(),
                "-i",
            ])
            .arg(key)
            .args(["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"])
            .args(["-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "LogLevel=ERROR"])
            .args(options)
            .arg(format!("{user}@127.0.0.1"));
        command.env_remove("SSH_AUTH_SOCK");
        command
    }

    /// Runs a command through OpenSSH's client.
    pub fn run(&self, command: &str) -> Output {
        self.ssh(&[]).arg(command).output().unwrap()
    }
}

/// Ends a client as a lost network would: without a farewell. `timeout` hands the signal on.
pub fn kill(mut client: std::process::Child) {
    let pid = nix::unistd::Pid::from_raw(i32::try_from(client.id()).unwrap());
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).unwrap();
    client.wait().unwrap();
}

/// The output as text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

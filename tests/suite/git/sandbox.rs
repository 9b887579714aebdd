//! A folder with a server repository and a client, and the real git to play with them.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use dokku::platform::git::{ReceiveOptions, Received, Receiver, Repository, receive_pack};

pub const ZERO: &str = "0000000000000000000000000000000000000000";

/// How a program ended, and all it said.
#[derive(Debug)]
pub struct Said {
    pub ok: bool,
    pub text: String,
}

pub struct Sandbox {
    folder: tempfile::TempDir,
}

impl Sandbox {
    /// A bare server `s.git` with HEAD main, and an empty client `c` on main.
    pub fn new() -> Self {
        Sandbox::of_format("sha1")
    }

    pub fn of_format(format: &str) -> Self {
        let sandbox = Sandbox { folder: tempfile::tempdir().expect("a folder") };
        for service in ["receive", "upload", "archive"] {
            sandbox.write_door(service);
        }
        sandbox.server("s.git", format);
        let made =
            sandbox.run("git", &["init", "-q", "-b", "main", &format!("--object-format={format}"), "c"], &[]);
        assert!(made.ok, "{}", made.text);
        sandbox
    }

    /// One more server.
    pub fn server(&self, name: &str, format: &str) -> PathBuf {
        let folder = self.path(name);
        if format == "sha256" {
            let made =
                self.run("git", &["init", "-q", "--bare", "-b", "main", "--object-format=sha256", name], &[]);
            assert!(made.ok, "{}", made.text);
        }
        Repository::init(&folder, "main", None).expect("made");
        folder
    }

    fn write_door(&self, service: &str) {
        let suite = std::env::current_exe().expect("we run");
        let script = format!(
            "#!/bin/sh\nexec 3<&0 4>&1 </dev/null >/dev/null\n\
             DOOR_SERVICE={service} DOOR_REPOSITORY=\"$1\" exec '{}' --exact git::door::serve --nocapture\n",
            suite.display()
        );
        let path = self.path(&format!("{service}-door"));
        fs::write(&path, script).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("executable");
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn repository(&self) -> Repository {
        Repository::open(&self.path("s.git")).expect("a repository")
    }

    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).env("HOME", self.folder.path());
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_TERMINAL_PROMPT", "0");
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "a").env(format!("GIT_{who}_EMAIL"), "a@example.com");
        }
        command.env_remove("GIT_DIR");
        command
    }

    pub fn run(&self, program: &str, arguments: &[&str], env: &[(&str, &str)]) -> Said {
        let mut command = self.command(program);
        command.args(arguments).envs(env.iter().copied()).stdin(Stdio::null());
        let output = command.output().expect("started");
        let text = [output.stdout, output.stderr].concat();
        Said { ok: output.status.success(), text: String::from_utf8_lossy(&text).into_owned() }
    }

    /// `git -C FOLDER …`, which must succeed; gives what it said.
    pub fn git(&self, folder: &str, arguments: &[&str]) -> String {
        let said = self.try_git(folder, arguments);
        assert!(said.ok, "git {arguments:?}: {}", said.text);
        said.text.trim().to_owned()
    }

    pub fn try_git(&self, folder: &str, arguments: &[&str]) -> Said {
        self.run("git", &[&["-C", folder], arguments].concat(), &[])
    }

    /// Feeds bytes to a git command and takes its output, which must be a success.
    pub fn pipe(&self, folder: &str, arguments: &[&str], input: &[u8]) -> Vec<u8> {
        let mut command = self.command("git");
        command.args(["-C", folder]).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("started");
        child.stdin.take().expect("piped").write_all(input).expect("written");
        let output = child.wait_with_output().expect("ended");
        assert!(output.status.success(), "git {arguments:?}");
        output.stdout
    }

    /// Writes a file of the client and commits it; gives the commit.
    pub fn commit(&self, name: &str, text: &str) -> String {
        self.commit_in("c", name, text)
    }

    pub fn commit_in(&self, client: &str, name: &str, text: &str) -> String {
        let path = self.path(client).join(name);
        fs::create_dir_all(path.parent().expect("below the client")).expect("made");
        fs::write(path, text).expect("written");
        self.git(client, &["add", "-A"]);
        self.git(client, &["commit", "-q", "-m", &format!("change {name}")]);
        self.rev(client, "HEAD")
    }

    /// A history of some commits over some files.
    pub fn history(&self, commits: usize) {
        for number in 0..commits {
            let text: String = (0..200).map(|line| format!("line {} {line}\n", number % 4)).collect();
            self.commit(&format!("d{}/f{number}.txt", number % 3), &text);
        }
    }

    pub fn rev(&self, folder: &str, name: &str) -> String {
        self.git(folder, &["rev-parse", "--verify", "-q", name])
    }

    /// The value of a reference of the server; `None` when it has none.
    pub fn server_ref(&self, name: &str) -> Option<String> {
        let said = self.try_git("s.git", &["rev-parse", "--verify", "-q", name]);
        said.ok.then(|| said.text.trim().to_owned())
    }

    /// `git push` from `c` to `s.git` through our door.
    pub fn push(&self, arguments: &[&str]) -> Said {
        self.push_with("c", "s.git", arguments, &[])
    }

    pub fn push_with(&self, client: &str, server: &str, arguments: &[&str], env: &[(&str, &str)]) -> Said {
        let door = format!("--receive-pack={}", self.path("receive-door").display());
        let server = self.path(server);
        let mut all = vec!["-C", client, "push", &door];
        // Options come before the repository, refspecs behind it.
        let split = arguments.iter().position(|word| !word.starts_with('-')).unwrap_or(arguments.len());
        all.extend(&arguments[..split]);
        all.push(server.to_str().expect("UTF-8"));
        all.extend(&arguments[split..]);
        self.run("git", &all, env)
    }

    /// Everything a reader of the server can see: references, and files in its object folder.
    pub fn state(&self) -> (String, BTreeSet<PathBuf>) {
        let mut files = BTreeSet::new();
        collect(&self.path("s.git/objects"), &mut files);
        (self.git("s.git", &["for-each-ref"]), files)
    }

    /// The server is sound, and no lock, no quarantine, no half-written file is left in it.
    pub fn assert_sound(&self) {
        self.assert_fsck("s.git");
        let mut files = BTreeSet::new();
        collect(&self.path("s.git"), &mut files);
        let left: Vec<_> = files
            .iter()
            .filter(|path| {
                let path = path.to_string_lossy();
                path.contains("tmp_") || (path.ends_with(".lock") && !path.ends_with("dokku-git.lock"))
            })
            .collect();
        assert!(left.is_empty(), "left behind: {left:?}");
    }

    pub fn assert_fsck(&self, server: &str) {
        let said = self.try_git(server, &["fsck", "--full", "--strict"]);
        let is_clean = !said.text.contains("missing") && !said.text.contains("error");
        assert!(said.ok && is_clean, "{}", said.text);
    }

    /// A pack of these revisions (`^X` leaves X's history out), as a client would send it.
    pub fn pack(&self, options: &[&str], revisions: &[&str]) -> Vec<u8> {
        let arguments = [&["pack-objects", "--revs", "--stdout", "-q"], options].concat();
        self.pipe("c", &arguments, (revisions.join("\n") + "\n").as_bytes())
    }

    /// Hands raw bytes to the room, as a client of our own making.
    pub fn raw(&self, request: &[u8], options: &ReceiveOptions, receiver: &mut dyn Receiver) -> Raw {
        self.raw_heard(request, options, receiver, &Heard::default())
    }

    /// The same, and the answer can be heard while it comes.
    pub fn raw_heard(
        &self,
        request: &[u8],
        options: &ReceiveOptions,
        receiver: &mut dyn Receiver,
        heard: &Heard,
    ) -> Raw {
        let mut input = request;
        let outcome =
            receive_pack(&mut input, Box::new(heard.clone()), &self.repository(), options, receiver);
        let bytes = heard.0.lock().expect("not poisoned").clone();
        Raw {
            outcome: outcome.map_err(|fault| fault.message),
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}

/// What the room did with raw bytes, and all it answered, side bands as they are.
#[derive(Debug)]
pub struct Raw {
    pub outcome: Result<Received, String>,
    pub text: String,
}

/// What a client has heard until now.
#[derive(Clone, Default)]
pub struct Heard(Arc<Mutex<Vec<u8>>>);

impl Heard {
    pub fn contains(&self, text: &str) -> bool {
        String::from_utf8_lossy(&self.0.lock().expect("not poisoned")).contains(text)
    }
}

impl Write for Heard {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("not poisoned").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A push request with these updates (old, new, name) and this pack.
pub fn request(updates: &[(&str, &str, &str)], pack: &[u8]) -> Vec<u8> {
    request_with("report-status side-band-64k", updates, pack)
}

pub fn request_with(capabilities: &str, updates: &[(&str, &str, &str)], pack: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (number, (old, new, name)) in updates.iter().enumerate() {
        let tail = if number == 0 { format!("\0 {capabilities}") } else { String::new() };
        let line = format!("{old} {new} {name}{tail}");
        bytes.extend_from_slice(format!("{:04x}{line}", line.len() + 4).as_bytes());
    }
    bytes.extend_from_slice(b"0000");
    bytes.extend_from_slice(pack);
    bytes
}

pub fn collect(folder: &Path, files: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("tmp_")) {
                files.insert(path.clone());
            }
            collect(&path, files);
        } else {
            files.insert(path);
        }
    }
}

//! A server's folders, with the facade of this tree and programs that stand in for docker, sudo and nginx.

use std::fmt::Write;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use dokku::store::Layout;

use crate::support::sources::root;

/// Lives as long as the value.
pub struct Installation {
    folder: tempfile::TempDir,
    layout: Layout,
    env: Vec<(String, String)>,
}

/// The engine of these tests: one app image, one of buildpacks, and the containers `up` and `down`.
const DOCKER: &str = r#"
case "$*" in
  'image inspect dokku/web:1' | 'image inspect dokku/web:latest') echo '[{}]' ;;
  'image inspect --format {{index .Config.Labels "io.buildpacks.stack.id"}} cnb') echo heroku-24 ;;
  'image inspect --format {{index .Config.Labels "io.buildpacks.stack.id"}} '*) echo ;;
  'image inspect --format {{range .Config.Env}}{{println .}}{{end}} herokuish') printf 'A=1\nUSER=herokuishuser\n' ;;
  'image inspect --format {{range .Config.Env}}{{println .}}{{end}} '*) printf 'A=1\n' ;;
  'image inspect --format {{.Config.WorkingDir}} plain') echo /srv ;;
  'container create --label=dokku '*) echo made ;;
  'container cp made:/app/Procfile '* | 'container cp made:/srv/Procfile '* | 'container cp made:/etc/Procfile '*)
    printf 'web: run\r\n' >"$4" ;;
  'container rm --force made') echo removed >>"$WORLD/docker" ;;
  'container inspect --format {{.State.Running}} up') echo true ;;
  'container inspect --format {{.State.Running}} down') echo false ;;
  'container logs up') echo one; echo; echo two >&2; printf 'three' ;;
  'image pull registry.example/dokku/web:2') echo pulled ;;
  'image tag registry.example/dokku/web:2 dokku/web:2') echo tagged >>"$WORLD/docker" ;;
  *) echo "no answer for: $*" >&2; exit 1 ;;
esac
"#;

impl Installation {
    /// With an app `web` that has no code yet.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::below(folder.path());
        let made = Installation { env: environment(folder.path(), &layout), layout, folder };
        made.app("web");
        fs::create_dir_all(made.path("tmp")).expect("a folder");
        for program in ["dokku", "plugn"] {
            let path = made.path("bin").join(program);
            fs::create_dir_all(made.path("bin")).expect("a folder");
            symlink(env!("CARGO_BIN_EXE_dokku"), path).expect("a link");
        }
        made.program("bin/docker", DOCKER);
        made.program("bin/sudo", r#"exec "$@""#);
        made.program(
            "bin/nginx",
            r#"test ! -e "$WORLD/nginx-is-broken" || { echo 'nginx: broken' >&2; exit 1; }"#,
        );
        let core = made.layout.core_plugins();
        fs::create_dir_all(&core).expect("a folder");
        symlink(root().join("image/facade"), core.join("available")).expect("a link");
        made
    }

    /// A path of the temporary folder.
    pub fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    /// Makes an app.
    pub fn app(&self, name: &str) {
        fs::create_dir_all(self.layout.root.join(name)).expect("a folder of the app");
    }

    /// Writes a file.
    pub fn file(&self, below: &str, text: &str) {
        let path = self.path(below);
        fs::create_dir_all(path.parent().expect("it stands in a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// A program with these lines of shell.
    pub fn program(&self, below: &str, script: &str) {
        self.file(below, &format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(self.path(below), fs::Permissions::from_mode(0o755)).expect("a mode");
    }

    /// An enabled plugin's executable.
    pub fn plugin(&self, plugin: &str, file: &str, script: &str) {
        self.program(&format!("lib/plugins/enabled/{plugin}/{file}"), script);
    }

    /// The same with one more variable.
    #[must_use]
    pub fn with(mut self, key: &str, value: &str) -> Self {
        self.env.push((key.to_owned(), value.to_owned()));
        self
    }

    /// Runs a script of bash behind the `source` lines of these files, and returns standard output, standard
    /// error (lines marked `2>`), and how it ended: that it went on, with the status of the last command unless
    /// that is 0, or with which status it ended before.
    pub fn run(&self, files: &str, script: &str) -> String {
        let mut text = String::new();
        for file in files.split_whitespace() {
            let _ = writeln!(text, "source \"$PLUGIN_CORE_AVAILABLE_PATH/{file}\"");
        }
        // In braces and before `||` a failing function does not end the shell by errexit, but by its own exit.
        let _ =
            write!(text, "_status=0\n{{\n{script}\n}} || _status=$?\necho $_status >\"$WORLD/went-on\"\n");
        let (status, seen) = self.bash(&text);
        let marker = self.path("went-on");
        let went_on = fs::read_to_string(&marker).map(|status| status.trim().to_owned());
        let _ = fs::remove_file(marker);
        match went_on.as_deref() {
            Ok("0") => format!("{seen}goes on\n"),
            Ok(status) => format!("{seen}goes on with {status}\n"),
            Err(_) => format!("{seen}ends with {status}\n"),
        }
    }

    /// Runs bash as a plugin's file would run: exit status, and both streams as in `run`.
    pub fn bash(&self, script: &str) -> (i32, String) {
        let output = Command::new("bash")
            .args(["-c", script])
            .env_clear()
            .envs(self.env.iter().map(|(key, value)| (key, value)))
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .output()
            .expect("bash");
        let mut seen = String::from_utf8_lossy(&output.stdout).into_owned();
        for line in String::from_utf8_lossy(&output.stderr).lines() {
            let _ = writeln!(seen, "2>{line}");
        }
        let seen = seen.replace(&self.folder.path().display().to_string(), "$WORLD");
        (output.status.code().unwrap_or(-1), seen)
    }
}

/// What a plugin's executable finds in its environment.
fn environment(folder: &Path, layout: &Layout) -> Vec<(String, String)> {
    let path = |path: &Path| path.display().to_string();
    let programs = format!("{}:/usr/bin:/bin", path(&folder.join("bin")));
    let core = path(&layout.core_plugins());
    [
        ("PATH", programs),
        ("HOME", path(folder)),
        ("WORLD", path(folder)),
        ("TMPDIR", path(&folder.join("tmp"))),
        ("DOKKU_ROOT", path(&layout.root)),
        ("DOKKU_LIB_ROOT", path(&layout.lib)),
        ("DOKKU_LIB_PATH", path(&layout.lib)),
        ("DOKKU_LOGS_DIR", path(&layout.logs)),
        ("DOKKU_RUN_DIR", path(&layout.run)),
        ("DOKKU_PID", "4711".to_owned()),
        ("DOKKU_COMMAND", "a:command".to_owned()),
        // Who builds as root stays root: the folder is nobody else's.
        ("DOKKU_SYSTEM_USER", "no-such-user".to_owned()),
        ("DOCKER_BIN", "docker".to_owned()),
        ("PLUGIN_PATH", path(&layout.lib.join("plugins"))),
        ("PLUGIN_AVAILABLE_PATH", path(&layout.lib.join("plugins/available"))),
        ("PLUGIN_ENABLED_PATH", path(&layout.plugins_enabled())),
        ("PLUGIN_CORE_PATH", core.clone()),
        ("PLUGIN_CORE_AVAILABLE_PATH", format!("{core}/available")),
        ("SSH_USER", "tester".to_owned()),
        ("SSH_NAME", "default".to_owned()),
        ("LC_ALL", "C".to_owned()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .to_vec()
}

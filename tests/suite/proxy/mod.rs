//! Routes put to work by a real nginx on free ports, in a folder of its own.

mod faults;
mod switch;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use dokku::platform::Platform;
use dokku::platform::env::Env;
use dokku::server::proxy::Proxy;
use dokku::store::Layout;

const PROGRAM: &str = "/usr/sbin/nginx";

/// An nginx and the server's part that feeds it.
struct Rig {
    folder: tempfile::TempDir,
    layout: Layout,
    env: Env,
    nginx: Option<Child>,
    /// The port that apps answer on.
    port: u16,
}

impl Rig {
    /// Lays everything out; `None` where there is no nginx to test with.
    fn new() -> Option<Self> {
        if !Path::new(PROGRAM).exists() {
            eprintln!("SKIPPED: no {PROGRAM} here");
            return None;
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        // Workers run as another user and read what is included.
        std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755))
            .expect("its mode");
        let layout = Layout::below(folder.path());
        let at = |name: &str| folder.path().join(name);
        for name in ["nginx/conf.d", "logs", "home/shop", "home/cafe", "run/nginx"] {
            std::fs::create_dir_all(at(name)).expect("a folder");
        }
        let active = layout.data("nginx-vhosts").join("active");
        let main = format!(
            "pid {0}/nginx.pid;\nerror_log {0}/logs/error.log;\nworker_processes 2;\ndaemon off;\n\
             events {{ worker_connections 512; }}\n\
             http {{\n  access_log off;\n  include {0}/nginx/conf.d/*.conf;\n}}\n",
            folder.path().display()
        );
        std::fs::write(at("nginx/nginx.conf"), main).expect("writable");
        let includes = format!(
            "include {}/*.conf;\ninclude {}/nginx/generation.conf;\n",
            active.display(),
            layout.run.display()
        );
        std::fs::write(at("nginx/conf.d/dokku.conf"), includes).expect("writable");
        let path = |name: &str| at(name).display().to_string();
        let env = [
            ("DOKKU_NGINX_CONFIG".to_owned(), path("nginx/nginx.conf")),
            ("DOKKU_NGINX_PID".to_owned(), path("nginx.pid")),
            ("DOKKU_NGINX_LOGS".to_owned(), path("logs")),
            ("DOKKU_HOSTS_FILE".to_owned(), path("hosts")),
            ("DOKKU_GENERATION_PORT".to_owned(), free_port().to_string()),
        ];
        let env = env.into_iter().collect();
        Some(Rig { layout, env, nginx: None, port: free_port(), folder })
    }

    /// Has the server's part call a script where it would call nginx.
    fn run_nginx_by(&mut self, script: &str) {
        let path = self.folder.path().join("nginx-by");
        std::fs::write(&path, script).expect("writable");
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755))
            .expect("its mode");
        self.env.set("DOKKU_NGINX", path.display().to_string());
    }

    /// The server's part. Prepares, then starts nginx as `dokku init` would.
    async fn start(&mut self) -> Proxy {
        let proxy = self.start_server().await;
        self.start_nginx();
        proxy
    }

    async fn start_server(&self) -> Proxy {
        let proxy =
            Proxy::begin(&self.env, &self.layout, &Platform::real(dokku::platform::docker::Owner::nobody()));
        proxy.prepare().await.expect("prepared");
        proxy
    }

    fn start_nginx(&mut self) {
        let configuration = self.folder.path().join("nginx/nginx.conf");
        let child = Command::new(PROGRAM).arg("-c").arg(configuration).spawn().expect("nginx starts");
        self.nginx = Some(child);
    }

    fn stop_nginx(&mut self) {
        let Some(mut child) = self.nginx.take() else { return };
        let pid = nix::unistd::Pid::from_raw(i32::try_from(child.id()).expect("a pid"));
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).expect("a living nginx");
        child.wait().expect("a child");
    }

    /// Writes the configuration of an app, as the command that calls us has done.
    fn write(&self, app: &str, text: &str) {
        std::fs::write(self.conf(app), text).expect("writable");
    }

    fn conf(&self, app: &str) -> PathBuf {
        self.layout.root.join(app).join("nginx.conf")
    }

    /// A server block that passes to a port of this machine.
    fn passing(&self, app: &str, to: u16) -> String {
        format!(
            "server {{\n  listen 127.0.0.1:{};\n  server_name {app}.test;\n  location / {{\n    proxy_pass http://{app};\n    proxy_http_version 1.1;\n    proxy_set_header Connection \"\";\n  }}\n}}\nupstream {app} {{ server 127.0.0.1:{to}; }}\n",
            self.port
        )
    }

    /// A server block that answers by itself.
    fn saying(&self, app: &str, words: &str) -> String {
        format!(
            "server {{\n  listen 127.0.0.1:{};\n  server_name {app}.test;\n  location / {{ return 200 \"{words}\"; }}\n}}\n",
            self.port
        )
    }

    /// The number of the generation that is at work.
    fn generation(&self) -> u64 {
        let text = std::fs::read_to_string(self.layout.run.join("nginx/generation.conf")).expect("written");
        let numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok());
        numbers.max().expect("a number")
    }

    /// What an app answers to a new connection.
    fn get(&self, app: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(format!("GET / HTTP/1.0\r\nHost: {app}.test\r\n\r\n").as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer.rsplit("\r\n\r\n").next().unwrap_or_default().to_owned())
    }

    /// Waits until an app answers this.
    fn wait_for(&self, app: &str, words: &str) {
        let deadline = Instant::now() + Duration::from_secs(10);
        while !self.get(app).is_ok_and(|answer| answer == words) {
            assert!(Instant::now() < deadline, "{app} does not answer {words}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        self.stop_nginx();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

fn name(app: &str) -> dokku::model::AppName {
    app.parse().expect("a name")
}

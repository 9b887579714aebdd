//! Servers that the real git answers behind: http, a git daemon, ssh. Each lives as long as its value.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// What an http server saw: method, address and `Authorization` of each request.
pub type Log = Arc<Mutex<Vec<String>>>;

/// A listening socket with a thread for each connection.
pub struct Server {
    pub port: u16,
    pub log: Log,
    is_over: Arc<AtomicBool>,
}

impl Server {
    fn start(serve: impl Fn(TcpStream, &Log) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let (log, is_over) = (Log::default(), Arc::new(AtomicBool::new(false)));
        let (seen, stop, serve) = (Arc::clone(&log), Arc::clone(&is_over), Arc::new(serve));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let (serve, seen) = (Arc::clone(&serve), Arc::clone(&seen));
                std::thread::spawn(move || serve(stream, &seen));
            }
        });
        Server { port, log, is_over }
    }

    /// `git daemon` for the repositories in this folder.
    pub fn daemon(folder: &Path) -> Self {
        let folder = folder.to_owned();
        Server::start(move |stream, _| {
            let end = || Stdio::from(OwnedFd::from(stream.try_clone().expect("a socket")));
            let mut command = Command::new("git");
            command.args(["daemon", "--inetd", "--export-all"]);
            command.arg(format!("--base-path={}", folder.display()));
            command.env("HOME", &folder).stdin(end()).stdout(end()).stderr(Stdio::null());
            let _ = command.status();
        })
    }

    /// `git http-backend` for the repositories in this folder, with some addresses that misbehave:
    /// `/old/…` knows the old protocol only, `/moved/…` redirects, `/secret/…` wants `me:secret`, `/page/…` is a
    /// web page, `/mute/…` never answers. As a proxy it opens tunnels.
    pub fn http(folder: &Path) -> Self {
        let folder = folder.to_owned();
        Server::start(move |stream, log| {
            let _ = http(stream, &folder, log);
        })
    }

    pub fn url(&self, scheme: &str, path: &str) -> String {
        format!("{scheme}://127.0.0.1:{}/{path}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn http(mut stream: TcpStream, folder: &Path, log: &Log) -> std::io::Result<()> {
    let mut input = BufReader::new(stream.try_clone()?);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        head.push(line.trim().to_owned());
    }
    let header = |name: &str| {
        let found = head.iter().filter_map(|line| line.split_once(": "));
        found.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()).next()
    };
    let mut words = head.first().map(String::as_str).unwrap_or_default().split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let login = header("authorization").unwrap_or_default();
    log.lock().expect("not poisoned").push(format!("{method} {target} {login}").trim().to_owned());
    if method == "CONNECT" {
        return tunnel(stream, target);
    }
    let mut body = vec![0; header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0)];
    input.read_exact(&mut body)?;
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let (first, rest) = path.trim_start_matches('/').split_once('/').unwrap_or(("", ""));
    let plain = |status: &str, more: &str| {
        format!(
            "HTTP/1.1 {status}\r\n{more}Content-Type: text/html\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
        )
    };
    let path = match first {
        "moved" => {
            let location = format!("Location: /{rest}?{query}\r\n");
            return stream.write_all(plain("301 Moved Permanently", &location).as_bytes());
        }
        "page" => return stream.write_all(plain("200 OK", "").as_bytes()),
        "mute" => {
            // Until the client is tired of it.
            let _ = stream.read(&mut [0]);
            return Ok(());
        }
        // `me:secret`.
        "secret" if login != "Basic bWU6c2VjcmV0" => {
            let challenge = "WWW-Authenticate: Basic realm=\"git\"\r\n";
            return stream.write_all(plain("401 Unauthorized", challenge).as_bytes());
        }
        "old" | "secret" => format!("/{rest}"),
        _ => path.to_owned(),
    };
    let protocol = header("git-protocol").filter(|_| first != "old").unwrap_or_default();
    let mut command = Command::new("git");
    command.arg("http-backend").env("GIT_PROJECT_ROOT", folder).env("GIT_HTTP_EXPORT_ALL", "1");
    command.env("HOME", folder).env("REQUEST_METHOD", method).env("PATH_INFO", path);
    command.env("QUERY_STRING", query).env("CONTENT_TYPE", header("content-type").unwrap_or_default());
    command.env("GIT_PROTOCOL", protocol).env("CONTENT_LENGTH", body.len().to_string());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    child.stdin.take().expect("piped").write_all(&body)?;
    let answer = child.wait_with_output()?.stdout;
    let text = String::from_utf8_lossy(&answer);
    let status = text.strip_prefix("Status: ").and_then(|rest| rest.lines().next()).unwrap_or("200 OK");
    stream.write_all(format!("HTTP/1.1 {status}\r\nConnection: close\r\n").as_bytes())?;
    stream.write_all(&answer)
}

fn tunnel(mut near: TcpStream, target: &str) -> std::io::Result<()> {
    let mut far = TcpStream::connect(target)?;
    near.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
    let (mut from, mut to) = (near.try_clone()?, far.try_clone()?);
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut from, &mut to);
    });
    std::io::copy(&mut far, &mut near)?;
    near.shutdown(Shutdown::Both)
}

/// A program to name in `GIT_SSH_COMMAND`: it notes its words in `ssh.log` and runs this script of shell, where
/// `$command` is what the far side was asked to run.
pub fn ssh(folder: &Path, name: &str, script: &str) -> PathBuf {
    let path = folder.join(name);
    let log = folder.join("ssh.log");
    let text = format!(
        "#!/bin/sh\necho \"$@\" >>'{}'\nfor command; do :; done\ncd '{}'\n{script}\n",
        log.display(),
        folder.display()
    );
    fs::write(&path, text).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("executable");
    path
}

//! Let's Encrypt's own test server, Pebble, with a DNS server that says what it is told. It refuses every third
//! nonce, remembers no proof, and really looks at the proofs.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::authority::Authority;
use super::wait::until_true;

/// A running one; it ends with the value.
pub struct Pebble {
    folder: tempfile::TempDir,
    children: Vec<Child>,
    /// The address of its directory.
    pub directory: String,
    /// The authority that vouches for its own address, as PEM.
    pub authority: String,
    /// Where its DNS server takes orders.
    pub dns_orders: u16,
}

/// Where it looks, and from where it is asked.
pub struct Around<'a> {
    /// The host name or address by which it is asked.
    pub host: &'a str,
    /// The address that all names lead to.
    pub names_lead_to: &'a str,
    /// The port at which proofs by HTTP are looked for.
    pub http_port: u16,
}

impl Pebble {
    /// Starts it; `None` where it is not installed.
    pub fn start(around: &Around<'_>) -> Option<Self> {
        if !Path::new("/usr/bin/pebble").exists() {
            eprintln!("SKIPPED: no pebble here (Debian's package of that name)");
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name).display().to_string();
        let authority = Authority::new("Authority of the test");
        let issued = authority.issue(around.host, (2025, 2035));
        std::fs::write(at("crt"), issued.certificate).expect("a file");
        std::fs::write(at("key"), issued.key).expect("a file");
        let [port, management, dns, dns_orders, tls] = free_ports();
        let config = serde_json::json!({ "pebble": {
            "listenAddress": format!("0.0.0.0:{port}"),
            "managementListenAddress": format!("127.0.0.1:{management}"),
            "certificate": at("crt"), "privateKey": at("key"),
            "httpPort": around.http_port, "tlsPort": tls,
            "certificateValidityPeriod": 7_776_000,
        }});
        std::fs::write(at("config.json"), config.to_string()).expect("a file");
        let program = |name: &str, words: &[&str]| {
            Command::new(name)
                .args(words)
                .envs([
                    ("PEBBLE_VA_NOSLEEP", "1"),
                    ("PEBBLE_WFE_NONCEREJECT", "33"),
                    ("PEBBLE_AUTHZREUSE", "0"),
                ])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("it starts")
        };
        let resolver = format!("127.0.0.1:{dns}");
        let children = vec![
            program(
                "pebble-challtestsrv",
                &[
                    "-dns01",
                    &resolver,
                    "-management",
                    &format!("127.0.0.1:{dns_orders}"),
                    "-defaultIPv4",
                    around.names_lead_to,
                    "-defaultIPv6",
                    "",
                    "-http01",
                    "",
                    "-https01",
                    "",
                    "-tlsalpn01",
                    "",
                ],
            ),
            program("pebble", &["-strict", "-config", &at("config.json"), "-dnsserver", &resolver]),
        ];
        for port in [port, dns_orders] {
            until_true(20, "pebble listens", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
        }
        let directory = format!("https://{}:{port}/dir", around.host);
        Some(Pebble { folder, children, directory, authority: authority.certificate, dns_orders })
    }

    /// A script for `--dns-provider` that has its DNS server know the record.
    pub fn dns_provider(&self) -> String {
        let orders = format!("http://127.0.0.1:{}", self.dns_orders);
        let log = self.folder.path().join("records").display().to_string();
        format!(
            "#!/bin/sh\nset -e\necho \"$1 $2\" >>{log}\ncase $1 in\n\
             present) curl -sSf -d \"{{\\\"host\\\":\\\"$2\\\",\\\"value\\\":\\\"$3\\\"}}\" {orders}/set-txt ;;\n\
             cleanup) curl -sSf -d \"{{\\\"host\\\":\\\"$2\\\"}}\" {orders}/clear-txt ;;\nesac\n"
        )
    }

    /// What that script was called with.
    pub fn records(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("records")).unwrap_or_default()
    }
}

fn free_ports<const N: usize>() -> [u16; N] {
    let held = [(); N].map(|()| TcpListener::bind("0.0.0.0:0").expect("a free port"));
    held.map(|listener| listener.local_addr().expect("it is bound").port())
}

impl Drop for Pebble {
    fn drop(&mut self) {
        for child in &mut self.children {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

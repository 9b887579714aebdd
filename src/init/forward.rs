//! What a forwarder's container runs: this program writes a configuration for one port and becomes nginx. nginx has what it
//! takes (sessions of datagrams, the line that says for whom a connection comes, a few megabytes of memory); and being
//! the appliance's own image, the container needs nothing that the host has not.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::kernel::Out;
use crate::model::port_map::OutsidePort;
use crate::model::{Fault, Outcome};
use crate::platform::env::Env;
use crate::platform::process::{self, Input, Output, Program};
use crate::platform::{files, listening};

/// Where the configuration stands: the only place that can be written.
const CONFIGURATION: &str = "/tmp/forward.conf";

/// Becomes the forwarder of the port in the first word, to the address in the second.
pub fn run(words: &[String], env: &Env) -> ExitCode {
    let fault = match forward(words, env) {
        Ok(program) => process::become_program(&program),
        Err(fault) => fault,
    };
    Out::of_process(false, false).warn(fault.to_string());
    ExitCode::FAILURE
}

fn forward(words: &[String], env: &Env) -> Outcome<Program> {
    let [port, address] = words else {
        return Err(Fault::new("dokku forward wants a port and an address: 5432/tcp 172.30.0.2"));
    };
    let address: Ipv4Addr =
        address.parse().map_err(|_| Fault::new(format!("{address} is no IPv4 address")))?;
    let text = configuration(port.parse()?, address, listening::has_ipv6());
    files::write(Path::new(CONFIGURATION), text.as_bytes(), 0o644)?;
    let words = ["-e", "stderr", "-c", CONFIGURATION];
    Ok(Program {
        path: PathBuf::from(env.get("DOKKU_NGINX").unwrap_or("/usr/sbin/nginx")),
        arguments: words.map(str::to_owned).to_vec(),
        env: env.clone(),
        folder: None,
        input: Input::Empty,
        output: Output::Inherited,
    })
}

/// One process without a master: there is nothing to reload, and the engine starts it again should it end. What cannot be
/// handed on is no mistake of the forwarder's, so it is not written down each time.
fn configuration(port: OutsidePort, address: Ipv4Addr, has_ipv6: bool) -> String {
    let (number, kind) = (port.port, if port.is_udp { " udp" } else { "" });
    let ipv6 = if has_ipv6 { format!("    listen [::]:{number}{kind};\n") } else { String::new() };
    let how = if port.is_udp {
        "    proxy_timeout 60s;\n"
    } else {
        "    proxy_protocol on;\n    proxy_timeout 24h;\n    proxy_socket_keepalive on;\n    tcp_nodelay on;\n"
    };
    format!(
        "daemon off;\nmaster_process off;\npid /tmp/forward.pid;\nerror_log stderr crit;\n\
         include /etc/nginx/modules-enabled/*.conf;\n\
         events {{\n  worker_connections 4096;\n}}\n\
         stream {{\n  server {{\n{ipv6}    listen {number}{kind};\n    proxy_pass {address}:{number};\n\
         \u{20}   proxy_connect_timeout 5s;\n{how}  }}\n}}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_say_for_whom_they_come_and_datagrams_cannot() {
        let of = |port: &str| configuration(port.parse().expect(port), Ipv4Addr::new(10, 0, 0, 2), true);
        let tcp = of("5432/tcp");
        assert!(
            tcp.contains("    listen [::]:5432;\n    listen 5432;\n    proxy_pass 10.0.0.2:5432;\n"),
            "{tcp}"
        );
        assert!(tcp.contains("proxy_protocol on;"));
        let udp = of("53/udp");
        assert!(udp.contains("listen 53 udp;") && !udp.contains("proxy_protocol"), "{udp}");
    }

    #[test]
    fn what_is_no_port_or_address_is_named() {
        let fault = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            forward(&words, &Env::default()).err().expect("refused").message
        };
        assert!(fault(&["5432", "10.0.0.2"]).contains("5432 is no port"));
        assert!(fault(&["5432/tcp", "here"]).contains("here is no IPv4 address"));
        assert!(fault(&[]).contains("wants a port"));
    }
}

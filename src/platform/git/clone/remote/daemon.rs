//! `git://`: a socket without secrets.

use std::io::Write;
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use super::address::HostAddress;
use super::stream::Stream;
use crate::model::{Context, Fault, Outcome};
use crate::platform::git::clone::ask::Deadline;

/// How long a connection may take, and how long the other side may say nothing.
pub(super) const DIAL: Duration = Duration::from_secs(10);
pub(super) const SILENCE: Duration = Duration::from_secs(60);

/// Connects and says which repository is meant.
pub(super) fn connect(address: &HostAddress, deadline: Deadline) -> Outcome<Stream> {
    let HostAddress { host, port, path } = address;
    let mut socket = dial(host, *port)?;
    let what = || format!("cannot speak to {host}");
    socket.set_read_timeout(Some(SILENCE.min(deadline.left()))).context(what)?;
    socket.set_write_timeout(Some(SILENCE.min(deadline.left()))).context(what)?;
    let line = format!("git-upload-pack {path}\0host={host}:{port}\0\0version=2\0");
    socket.write_all(format!("{:04x}{line}", line.len() + 4).as_bytes()).context(what)?;
    let output = socket.try_clone().context(what)?;
    Ok(Stream::new(Box::new(socket), Box::new(output)))
}

fn dial(host: &str, port: u16) -> Outcome<TcpStream> {
    let addresses = (host, port).to_socket_addrs().context(|| format!("cannot find the host {host}"))?;
    let mut fault = Fault::new(format!("the host {host} has no address"));
    for address in addresses {
        match TcpStream::connect_timeout(&address, DIAL) {
            Ok(socket) => return Ok(socket),
            Err(error) => fault = Fault::new(format!("cannot reach {host} on port {port}: {error}")),
        }
    }
    Err(fault)
}

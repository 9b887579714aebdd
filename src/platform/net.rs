//! Listening sockets, and connections that can be closed from outside.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

use tokio::net::TcpSocket;
pub use tokio::net::{TcpListener, TcpStream};

use crate::model::{Context, Outcome};

/// How many connections the kernel keeps for us until we accept them.
const BACKLOG: u32 = 1024;

/// The address behind a name, an IPv4 one if there is; none for a name that nobody knows within a second.
pub async fn address_of(name: &str) -> Option<IpAddr> {
    let asked = tokio::net::lookup_host((name, 0));
    let found = tokio::time::timeout(Duration::from_secs(1), asked).await.ok()?.ok()?;
    found.map(|address| address.ip()).min_by_key(IpAddr::is_ipv6)
}

/// Listens on a port of all addresses: IPv6 and IPv4 with one socket, IPv4 alone where the kernel has no IPv6.
///
/// # Errors
/// When the port is taken or may not be had.
pub fn listen_everywhere(port: u16) -> Outcome<TcpListener> {
    listen(SocketAddr::new(IpAddr::V6(Ipv6Addr::UNSPECIFIED), port))
        .or_else(|_| listen(SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), port)))
}

/// Listens on one address.
///
/// # Errors
/// When the port is taken or may not be had.
pub fn listen(address: SocketAddr) -> Outcome<TcpListener> {
    let what = || format!("cannot listen on {address}");
    let socket = if address.is_ipv6() { TcpSocket::new_v6() } else { TcpSocket::new_v4() }.context(what)?;
    // A restarted server must not wait for the last one's connections to fade away.
    socket.set_reuseaddr(true).context(what)?;
    let listening = socket.bind(address).and_then(|()| socket.listen(BACKLOG));
    listening
        .context(what)
        .map_err(|fault| fault.hint(format!("If another program has port {}, stop it", address.port())))
}

/// Closes a connection from outside, whatever its owner is doing with it.
#[derive(Debug)]
pub struct Hook(OwnedFd);

impl Hook {
    /// A hook on this connection.
    ///
    /// # Errors
    /// When this process has too many files open.
    pub fn on(connection: impl AsFd) -> Outcome<Self> {
        let duplicate = connection.as_fd().try_clone_to_owned().context(|| "cannot watch a connection")?;
        Ok(Hook(duplicate))
    }

    /// Closes the connection in both directions: whoever reads or writes it ends.
    pub fn pull(&self) {
        // That the other side closed it first is fine.
        let _ = rustix::net::shutdown(&self.0, rustix::net::Shutdown::Both);
    }
}

/// True when somebody accepts connections on this port of the loopback address.
pub async fn accepts(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_ok()
}

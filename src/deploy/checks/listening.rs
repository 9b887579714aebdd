//! Waiting for a port to open. This is what a push of a web process waits for, so it ends within
//! milliseconds of the app's first `listen`.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout};

use crate::model::listening_sockets;
use crate::platform::probe;

use super::inside;
use super::once::{Subject, Unwell};
use super::plan::Check;
use super::run::Surroundings;

/// How long one connection may take: the container is one hop away, and a closed port refuses at once.
const ONE_TRY: Duration = Duration::from_secs(1);

/// How often it is looked at what the container listens on instead.
const LOOK_EVERY: Duration = Duration::from_secs(3);

/// How long an address in another network may take: one that is reachable from here answers at once.
const ELSEWHERE: Duration = Duration::from_millis(500);

/// Waits until the port accepts connections at the container's address, and then looks at its others: those that other
/// apps know it by.
pub(super) async fn opens(surroundings: &Surroundings<'_>, check: &Check, port: u16) -> Result<(), String> {
    let address = &surroundings.target.address;
    let start = Instant::now();
    let time = if check.attempts > 1 { check.wait * check.attempts } else { check.timeout };
    let deadline = start + time;
    let mut is_told = check.attempts > 1;
    loop {
        let pause = (Instant::now() + LOOK_EVERY).min(deadline);
        if wait_for_port(address, port, pause).await {
            return elsewhere(surroundings.subject(), port).await;
        }
        let sockets = sockets(surroundings.subject()).await;
        let complaint = listening_sockets::complaint(&sockets, port);
        if Instant::now() >= deadline || listening_sockets::is_loopback_only(&sockets, port) {
            advise(surroundings, &sockets, port);
            return Err(complaint.unwrap_or_else(|| {
                format!(
                    "nothing accepts connections on port {port} after {} seconds",
                    start.elapsed().as_secs()
                )
            }));
        }
        if let Some(complaint) = complaint.filter(|_| !is_told) {
            is_told = true;
            let left = deadline.saturating_duration_since(Instant::now()).as_secs();
            let out = &surroundings.ctx.out;
            out.warn(format!("Not ready yet: {complaint}. Waiting for up to {left} more seconds"));
        }
    }
}

/// Tries to connect until that moment, more and more rarely. True as soon as somebody accepts.
pub(super) async fn wait_for_port(address: &str, port: u16, deadline: Instant) -> bool {
    let start = Instant::now();
    loop {
        if probe::accepts(address, port, ONE_TRY).await {
            return true;
        }
        let now = Instant::now();
        if now >= deadline {
            return false;
        }
        let pause = (start.elapsed() / 64).clamp(Duration::from_millis(2), Duration::from_millis(50));
        // Not beyond the deadline, and not ended before it: who waits until then asks once, not again and again.
        sleep_until((now + pause).min(deadline)).await;
    }
}

/// One try of the port, at all addresses of the container.
pub(super) async fn accepts_now(subject: Subject<'_>, port: u16, limit: Duration) -> Result<(), Unwell> {
    if probe::accepts(subject.address, port, limit).await {
        return Ok(elsewhere(subject, port).await?);
    }
    let complaint = listening_sockets::complaint(&sockets(subject).await, port);
    Err(complaint.unwrap_or_else(|| format!("nothing accepts connections on port {port}")).into())
}

/// Whether the port is open at the container's addresses in other networks. One that cannot be reached from here is looked
/// for among what the container says it listens on, if it can say so.
async fn elsewhere(subject: Subject<'_>, port: u16) -> Result<(), String> {
    let Ok(container) = subject.docker.inspect_container(subject.id).await else { return Ok(()) };
    let own = subject.address;
    // Asked at the host, or wherever a plugin says: its own addresses are not what is meant.
    if !container.networks().values().any(|one| one.ip == own) {
        return Ok(());
    }
    let others = container.networks().iter().filter(|(_, one)| !one.ip.is_empty() && one.ip != own);
    for (network, endpoint) in others {
        let ip = &endpoint.ip;
        if probe::accepts(ip, port, ELSEWHERE).await {
            continue;
        }
        let sockets = sockets(subject).await;
        let is_open = |socket: &SocketAddr| {
            socket.port() == port && (socket.ip().is_unspecified() || socket.ip().to_string() == *ip)
        };
        if !sockets.is_empty() && !sockets.iter().any(is_open) {
            return Err(format!(
                "nothing accepts connections on port {port} of {ip}, its address in the network {network}"
            ));
        }
    }
    Ok(())
}

/// What the container listens on; nothing where it has no program that could tell.
async fn sockets(subject: Subject<'_>) -> Vec<SocketAddr> {
    let command = ["cat", "/proc/net/tcp", "/proc/net/tcp6"].map(str::to_owned);
    let told = inside::output(subject.docker, subject.id, &command);
    let told = timeout(Duration::from_secs(5), told).await;
    match told {
        // Without IPv6 there is no tcp6, and the status is not 0; what was told counts.
        Ok(Ok((_, text))) => listening_sockets::parse(&text),
        Ok(Err(_)) | Err(_) => Vec::new(),
    }
}

fn advise(surroundings: &Surroundings<'_>, sockets: &[SocketAddr], port: u16) {
    let (out, app) = (&surroundings.ctx.out, &surroundings.target.app);
    let name = &surroundings.target.name;
    if listening_sockets::is_loopback_only(sockets, port) || sockets.is_empty() {
        out.warn(format!(
            "{name} must listen on 0.0.0.0, port {port} (in $PORT): on 127.0.0.1 nobody outside can reach it"
        ));
        return;
    }
    let other = sockets.iter().find(|socket| socket.ip().is_unspecified());
    if let Some(other) = other {
        let other = other.port();
        out.warn(format!("Let {name} listen on port {port} (in $PORT), or route to its port: dokku ports:set {app} http:80:{other}"));
    }
}

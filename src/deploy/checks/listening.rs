//! Waiting for a port to open. This is what a push of a web process waits for, so it ends within
//! milliseconds of the app's first `listen`.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout};

use crate::model::listening_sockets;
use crate::platform::probe;

use super::attempt;
use super::plan::Check;
use super::run::Surroundings;

/// How long one connection may take: the container is one hop away, and a closed port refuses at once.
const ONE_TRY: Duration = Duration::from_secs(1);

/// How often it is looked at what the container listens on instead.
const LOOK_EVERY: Duration = Duration::from_secs(3);

/// Waits until the port accepts connections at the container's address.
pub(super) async fn opens(surroundings: &Surroundings<'_>, check: &Check, port: u16) -> Result<(), String> {
    let address = &surroundings.target.address;
    let start = Instant::now();
    let time = if check.attempts > 1 { check.wait * check.attempts } else { check.timeout };
    let deadline = start + time;
    let mut is_told = check.attempts > 1;
    loop {
        let pause = (Instant::now() + LOOK_EVERY).min(deadline);
        if wait_for_port(address, port, pause).await {
            return Ok(());
        }
        let sockets = sockets(surroundings).await;
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

/// What the container listens on; nothing where it has no program that could tell.
async fn sockets(surroundings: &Surroundings<'_>) -> Vec<SocketAddr> {
    let command = ["cat", "/proc/net/tcp", "/proc/net/tcp6"].map(str::to_owned);
    let told = timeout(Duration::from_secs(5), attempt::output_inside(surroundings, &command)).await;
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

//! Accepting connections, within limits.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use russh::keys::PrivateKey;
use russh::server::Config;
use tokio::io::AsyncWriteExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tracing::{debug, warn};

use super::handler::Connection;
use super::limits::Strangers;
use super::login::Throttle;
use super::sessions::Sessions;
use super::settings::{Settings, russh_config};
use crate::model::Outcome;
use crate::platform::clock::Clock;
use crate::platform::net::{Hook, TcpListener, TcpStream};

/// The SSH door. One for all connections.
pub struct Door {
    pub(super) settings: Settings,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) throttle: Arc<Throttle>,
    pub(super) strangers: Strangers,
    connections: Arc<Semaphore>,
    config: watch::Sender<Arc<Config>>,
    pub(super) sessions: Sessions,
}

impl Door {
    /// A door with these host keys, best first.
    pub fn new(settings: Settings, host_keys: Vec<PrivateKey>, clock: Arc<dyn Clock>) -> Arc<Self> {
        let limits = &settings.limits;
        let config = Arc::new(russh_config(host_keys, limits));
        Arc::new(Door {
            clock,
            throttle: Throttle::new(limits.free_failures),
            strangers: Strangers::new(limits),
            connections: Arc::new(Semaphore::new(limits.connections)),
            config: watch::Sender::new(config),
            sessions: Sessions::default(),
            settings,
        })
    }

    /// Uses these host keys for the connections to come.
    pub fn set_host_keys(&self, host_keys: Vec<PrivateKey>) {
        self.config.send_replace(Arc::new(russh_config(host_keys, &self.settings.limits)));
    }

    /// Ends all sessions: their commands are asked to end, and have this time to say how.
    pub async fn close(&self, time: Duration) {
        self.sessions.end(time).await;
    }

    /// Accepts connections until the door is closed.
    pub async fn serve(self: Arc<Self>, listener: TcpListener) {
        loop {
            let place = self.strangers.place().await;
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = self.sessions.ending() => return,
            };
            match accepted {
                Ok((socket, client)) => {
                    tokio::spawn(Arc::clone(&self).admit(socket, client, place));
                }
                Err(error) => {
                    // Out of files, most likely: closed connections will give some back.
                    warn!("cannot accept a connection: {error}");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    async fn admit(self: Arc<Self>, mut socket: TcpStream, client: SocketAddr, place: OwnedSemaphorePermit) {
        let Ok(_permit) = Arc::clone(&self.connections).try_acquire_owned() else {
            warn!(from = %client, "connection refused: there are {} already", self.settings.limits.connections);
            // Lines before the version are allowed (RFC 4253, 4.2); `ssh -v` shows them.
            let _ = socket.write_all(b"Too many connections. Try again later.\r\n").await;
            return;
        };
        if let Err(fault) = Arc::clone(&self).converse(socket, client, place).await {
            debug!(from = %client, "connection ended: {fault}");
        }
    }

    async fn converse(
        self: Arc<Self>,
        socket: TcpStream,
        client: SocketAddr,
        place: OwnedSemaphorePermit,
    ) -> Outcome {
        use crate::model::Context;
        let what = || "cannot serve a connection";
        let client = SocketAddr::new(client.ip().to_canonical(), client.port());
        let server = socket.local_addr().context(what)?;
        let server = SocketAddr::new(server.ip().to_canonical(), server.port());
        socket.set_nodelay(true).context(what)?;
        let hook = Arc::new(Hook::on(&socket)?);
        self.strangers.remember(&hook);
        let connection = Connection::new(Arc::clone(&self), client, server, Arc::clone(&hook), place);
        let config = self.config.borrow().clone();
        let talk = async { russh::server::run_stream(config, socket, connection).await?.await };
        tokio::pin!(talk);
        let grace = tokio::time::sleep(self.settings.limits.grace);
        tokio::select! {
            ended = &mut talk => return ended.context(what),
            () = grace => {}
        }
        if self.strangers.knows(&hook) {
            warn!(from = %client, "connection closed: no login in time");
            hook.pull();
        }
        talk.await.context(what)
    }
}

//! One connection: what russh asks, answered.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use russh::keys::{Algorithm, PublicKey};
use russh::server::{Auth, ChannelOpenHandle, Handler, Msg, PublicKeyOffer, Session, VerifiedPublicKey};
use russh::{Channel, ChannelId, ChannelOpenFailure, Pty, Sig};
use tokio::sync::OwnedSemaphorePermit;
use tracing::{info, warn};

use super::channel::{self, Caller, Running, Wishes};
use super::listener::Door;
use super::login::{self, Login, Verdict};
use super::settings::WINDOW;
use super::signals;
use crate::platform::attached::TerminalWish;
use crate::platform::net::Hook;
use crate::platform::pty::Size;

/// The state of one connection.
pub struct Connection {
    door: Arc<Door>,
    client: SocketAddr,
    server: SocketAddr,
    hook: Arc<Hook>,
    /// The place among those that have not logged in; given back at login.
    place: Option<OwnedSemaphorePermit>,
    /// The key looked up last and the answer, so that its signature does not cost a second look.
    judged: Option<(PublicKey, Verdict)>,
    login: Option<Login>,
    channels: HashMap<ChannelId, State>,
}

enum State {
    Wishing(Wishes),
    Running(Running),
    /// Nothing more to come: a subsystem that was refused, a command that could not be started.
    Over,
}

impl State {
    fn is_over(&self) -> bool {
        match self {
            State::Wishing(_) => false,
            State::Running(running) => running.has_ended(),
            State::Over => true,
        }
    }
}

impl Connection {
    /// A connection that has just been accepted.
    pub fn new(
        door: Arc<Door>,
        client: SocketAddr,
        server: SocketAddr,
        hook: Arc<Hook>,
        place: OwnedSemaphorePermit,
    ) -> Self {
        Connection {
            door,
            client,
            server,
            hook,
            place: Some(place),
            judged: None,
            login: None,
            channels: HashMap::new(),
        }
    }

    async fn judge(&mut self, user: &str, key: &PublicKey, algorithm: &Algorithm) -> Verdict {
        let settings = &self.door.settings;
        let verdict = if settings.users.iter().any(|one| one == user) {
            login::judge(&settings.authorized_keys, key, algorithm, self.client.ip(), &*self.door.clock)
                .unwrap_or_else(|fault| {
                    tracing::error!("{fault}");
                    Verdict::Refused("the keys cannot be read".to_owned())
                })
        } else {
            Verdict::Refused(format!("unknown user {user:?}"))
        };
        if let Verdict::Refused(why) = &verdict {
            self.refuse(user, why).await;
        }
        verdict
    }

    async fn refuse(&self, user: &str, why: &str) {
        warn!(user, from = %self.client, "login refused: {why}");
        tokio::time::sleep(self.door.throttle.failed(self.client.ip(), Instant::now())).await;
    }

    fn caller(&self, session: &Session) -> Option<Caller> {
        let login = self.login.as_ref()?;
        let (client, server) = (self.client, self.server);
        let client_text = format!("{} {}", client.ip(), client.port());
        let pair = |name: &str, value: String| (name.to_owned(), value);
        Some(Caller {
            launch: self.door.settings.launch.clone(),
            identity: vec![
                pair("NAME", login.name.clone()),
                pair("FINGERPRINT", login.fingerprint.clone()),
                pair("SSH_CLIENT", format!("{client_text} {}", server.port())),
                pair("SSH_CONNECTION", format!("{client_text} {} {}", server.ip(), server.port())),
            ],
            handle: session.handle(),
            label: format!("{} {}", login.name, login.fingerprint),
            sessions: self.door.sessions.clone(),
        })
    }

    fn start(
        &mut self,
        id: ChannelId,
        command: Option<String>,
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        let Some(State::Wishing(wishes)) = self.channels.insert(id, State::Over) else {
            return session.channel_failure(id);
        };
        let Some(caller) = self.caller(session) else { return session.channel_failure(id) };
        session.channel_success(id)?;
        match channel::start(&caller, id, wishes, command) {
            Ok(running) => {
                self.channels.insert(id, State::Running(running));
                Ok(())
            }
            Err(fault) => {
                tracing::error!(who = caller.label, "{fault}");
                refuse_session(id, &format!(" !     {fault}\n"), 255, session)
            }
        }
    }

    fn running(&self, id: ChannelId) -> Option<&Running> {
        match self.channels.get(&id)? {
            State::Running(running) => Some(running),
            State::Wishing(_) | State::Over => None,
        }
    }

    fn wishes(&mut self, id: ChannelId) -> Option<&mut Wishes> {
        match self.channels.get_mut(&id)? {
            State::Wishing(wishes) => Some(wishes),
            State::Running(_) | State::Over => None,
        }
    }
}

/// However a connection ends, its commands hear of it.
impl Drop for Connection {
    fn drop(&mut self) {
        self.door.strangers.forget(&self.hook);
        for state in self.channels.values() {
            if let State::Running(running) = state {
                running.hang_up();
            }
        }
        if let Some(login) = &self.login {
            info!(who = login.name, fingerprint = login.fingerprint, from = %self.client, "connection closed");
        }
    }
}

impl Handler for Connection {
    type Error = russh::Error;

    async fn auth_password(&mut self, user: &str, _password: &str) -> Result<Auth, russh::Error> {
        self.refuse(user, "passwords are not accepted").await;
        Ok(Auth::reject())
    }

    async fn auth_publickey_offered(
        &mut self,
        user: &str,
        offer: PublicKeyOffer<'_>,
    ) -> Result<Auth, russh::Error> {
        let verdict = self.judge(user, offer.public_key, offer.algorithm).await;
        let answer = match verdict {
            Verdict::Welcome(_) => Auth::Accept,
            Verdict::Refused(_) => Auth::reject(),
        };
        self.judged = Some((offer.public_key.clone(), verdict));
        Ok(answer)
    }

    async fn auth_publickey(&mut self, user: &str, key: VerifiedPublicKey<'_>) -> Result<Auth, russh::Error> {
        let verdict = match self.judged.take() {
            Some((judged, verdict)) if judged == *key.public_key => verdict,
            Some(_) | None => self.judge(user, key.public_key, key.algorithm).await,
        };
        match verdict {
            Verdict::Welcome(login) => {
                self.login = Some(login);
                Ok(Auth::Accept)
            }
            Verdict::Refused(_) => Ok(Auth::reject()),
        }
    }

    async fn auth_succeeded(&mut self, _session: &mut Session) -> Result<(), russh::Error> {
        self.place = None;
        self.door.strangers.forget(&self.hook);
        self.door.throttle.succeeded(self.client.ip());
        if let Some(login) = &self.login {
            info!(who = login.name, fingerprint = login.fingerprint, from = %self.client, "logged in");
        }
        Ok(())
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), russh::Error> {
        // russh tells of a channel's end only when the client closes it first, so the others are swept here.
        self.channels.retain(|_, state| !state.is_over());
        if self.channels.len() >= self.door.settings.limits.sessions {
            reply.reject(ChannelOpenFailure::ResourceShortage).await;
            return Ok(());
        }
        self.channels.insert(channel.id(), State::Wishing(Wishes::default()));
        reply.accept().await;
        Ok(())
    }

    async fn channel_close(&mut self, id: ChannelId, _session: &mut Session) -> Result<(), russh::Error> {
        if let Some(State::Running(running)) = self.channels.remove(&id) {
            running.hang_up();
        }
        Ok(())
    }

    async fn channel_eof(&mut self, id: ChannelId, _session: &mut Session) -> Result<(), russh::Error> {
        if let Some(running) = self.running(id) {
            running.end_input();
        }
        Ok(())
    }

    async fn data(&mut self, id: ChannelId, data: &[u8], _session: &mut Session) -> Result<(), russh::Error> {
        match self.running(id) {
            Some(running) => running.receive(data).await.map_err(russh::Error::IO),
            None => Ok(()),
        }
    }

    fn adjust_window(&mut self, _channel: ChannelId, _current: u32) -> u32 {
        // russh keeps one target for the connection: the channel that lags most decides.
        self.channels
            .values()
            .filter_map(|state| match state {
                State::Running(running) => Some(running.next_window()),
                State::Wishing(_) | State::Over => None,
            })
            .min()
            .unwrap_or(WINDOW)
    }

    #[allow(clippy::too_many_arguments, reason = "russh's signature")]
    async fn pty_request(
        &mut self,
        id: ChannelId,
        term: &str,
        columns: u32,
        rows: u32,
        width: u32,
        height: u32,
        modes: &[(Pty, u32)],
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        let allowed = self.login.as_ref().is_some_and(|login| login.may_have_terminal);
        let owner = self.door.settings.terminal_owner;
        match self.wishes(id) {
            Some(wishes) if allowed => {
                let wish = TerminalWish {
                    size: Size { columns, rows, width, height },
                    modes: modes.iter().map(|(mode, value)| (*mode as u8, *value)).collect(),
                    owner,
                };
                wishes.terminal = Some((wish, term.to_owned()));
                session.channel_success(id)
            }
            Some(_) | None => session.channel_failure(id),
        }
    }

    async fn env_request(
        &mut self,
        id: ChannelId,
        name: &str,
        value: &str,
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        if self.wishes(id).is_some_and(|wishes| wishes.set_env(name, value)) {
            session.channel_success(id)
        } else {
            session.channel_failure(id)
        }
    }

    async fn shell_request(&mut self, id: ChannelId, session: &mut Session) -> Result<(), russh::Error> {
        self.start(id, None, session)
    }

    async fn exec_request(
        &mut self,
        id: ChannelId,
        data: &[u8],
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        // What no environment can hold, no command can be.
        let command = String::from_utf8_lossy(data).replace('\0', "");
        self.start(id, Some(command), session)
    }

    async fn subsystem_request(
        &mut self,
        id: ChannelId,
        name: &str,
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        self.channels.insert(id, State::Over);
        warn!(name, from = %self.client, "subsystem refused");
        session.channel_success(id)?;
        let text = format!(
            " !     There is no {} here: this server runs dokku commands only.\n !     Push code with git; see `ssh -t dokku@HOST help` for the commands.\n",
            if name == "sftp" { "file transfer (sftp, scp)" } else { name }
        );
        refuse_session(id, &text, 1, session)
    }

    async fn x11_request(
        &mut self,
        id: ChannelId,
        _single: bool,
        _protocol: &str,
        _cookie: &str,
        _screen: u32,
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        session.channel_failure(id)
    }

    async fn window_change_request(
        &mut self,
        id: ChannelId,
        columns: u32,
        rows: u32,
        width: u32,
        height: u32,
        _session: &mut Session,
    ) -> Result<(), russh::Error> {
        if let Some(running) = self.running(id) {
            running.resize(Size { columns, rows, width, height });
        }
        Ok(())
    }

    async fn signal(
        &mut self,
        id: ChannelId,
        signal: Sig,
        _session: &mut Session,
    ) -> Result<(), russh::Error> {
        if let (Some(running), Some(number)) = (self.running(id), signals::number(&signal)) {
            running.signal(number);
        }
        Ok(())
    }
}

fn refuse_session(id: ChannelId, text: &str, status: u32, session: &mut Session) -> Result<(), russh::Error> {
    session.extended_data(id, 1, Bytes::copy_from_slice(text.as_bytes()))?;
    session.exit_status_request(id, status)?;
    session.eof(id)?;
    session.close(id)
}

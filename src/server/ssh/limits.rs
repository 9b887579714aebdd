//! How much one door lets in, and who must give way when it is full.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::platform::net::Hook;

/// The limits of the door.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections at once.
    pub connections: usize,
    /// Of these, how many that have not logged in yet. More wait in the kernel's queue.
    pub strangers: usize,
    /// How long a connection has to log in.
    pub grace: Duration,
    /// After this time a connection that has not logged in gives way when others wait.
    pub patience: Duration,
    /// Sessions at once in one connection.
    pub sessions: usize,
    /// Keys that a connection may try.
    pub tries: usize,
    /// Failed tries from one address within a minute that are answered at once; later ones wait a second.
    pub free_failures: u32,
    /// Bytes in one direction after which the keys are changed (RFC 4253, 9: each gigabyte).
    pub bytes_per_key: usize,
    /// Time after which they are, too (RFC 4253, 9: each hour).
    pub time_per_key: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            connections: 100,
            strangers: 20,
            grace: Duration::from_secs(60),
            patience: Duration::from_secs(10),
            sessions: 10,
            tries: 6,
            free_failures: 60,
            bytes_per_key: 1 << 30,
            time_per_key: Duration::from_secs(60 * 60),
        }
    }
}

/// The places for connections that have not logged in yet.
#[derive(Debug)]
pub struct Strangers {
    places: Arc<Semaphore>,
    waiting: Mutex<VecDeque<(Instant, Arc<Hook>)>>,
    patience: Duration,
}

impl Strangers {
    /// Places as the limits say.
    pub fn new(limits: &Limits) -> Self {
        Strangers {
            places: Arc::new(Semaphore::new(limits.strangers)),
            waiting: Mutex::new(VecDeque::new()),
            patience: limits.patience,
        }
    }

    /// Waits for a place. While there is none, the oldest connection that had its time gives way,
    /// so that silent ones cannot keep everybody out.
    pub async fn place(&self) -> OwnedSemaphorePermit {
        loop {
            let wait_until =
                self.oldest().map_or_else(|| Instant::now() + self.patience, |since| since + self.patience);
            tokio::select! {
                permit = Arc::clone(&self.places).acquire_owned() => {
                    return permit.expect("the semaphore is never closed");
                }
                () = tokio::time::sleep_until(wait_until) => self.evict(),
            }
        }
    }

    /// Remembers a connection as one that may have to give way.
    pub fn remember(&self, hook: &Arc<Hook>) {
        self.lock().push_back((Instant::now(), Arc::clone(hook)));
    }

    /// Forgets a connection: it logged in, or ended.
    pub fn forget(&self, hook: &Arc<Hook>) {
        self.lock().retain(|(_, other)| !Arc::ptr_eq(other, hook));
    }

    /// True while a connection has not logged in.
    pub fn knows(&self, hook: &Arc<Hook>) -> bool {
        self.lock().iter().any(|(_, other)| Arc::ptr_eq(other, hook))
    }

    fn oldest(&self) -> Option<Instant> {
        self.lock().front().map(|(since, _)| *since)
    }

    fn evict(&self) {
        let mut waiting = self.lock();
        if waiting.front().is_some_and(|(since, _)| since.elapsed() >= self.patience)
            && let Some((_, hook)) = waiting.pop_front()
        {
            hook.pull();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<(Instant, Arc<Hook>)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

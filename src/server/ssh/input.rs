//! What a client sends to its command, kept until the command reads it.
//!
//! russh grants new room in the window as soon as data arrives, not when it is used up. So a command
//! that does not read would fill our memory, and waiting inside russh's callback would stop the
//! command's output too, which may be just what it waits for. Instead, while a command lags behind,
//! the window is granted in drops (see [`Input::next_window`]): nothing is lost, nothing blocks.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Notify;

use super::settings::WINDOW;
use crate::platform::stream::Stream;

/// Above so many bytes a command lags behind.
const LAGGING: usize = 1024 * 1024;

/// More than this cannot be queued by a client that keeps to its window.
const ABUSE: usize = LAGGING + 3 * WINDOW as usize;

/// The smallest window russh can be brought to grant: it grants when less than half is left.
const DROP: u32 = 2;

/// How long the answer to one drop may be held back.
const DROP_WAIT: Duration = Duration::from_millis(20);

/// The way to a command's standard input.
#[derive(Debug)]
pub struct Input {
    state: Mutex<State>,
    work: Notify,
    room: Notify,
}

#[derive(Debug)]
struct State {
    stream: Option<Arc<Stream>>,
    queue: VecDeque<Bytes>,
    queued: usize,
    ending: bool,
}

impl Input {
    /// An input that ends in this stream.
    pub fn new(stream: Arc<Stream>) -> Arc<Self> {
        let state = State { stream: Some(stream), queue: VecDeque::new(), queued: 0, ending: false };
        Arc::new(Input { state: Mutex::new(state), work: Notify::new(), room: Notify::new() })
    }

    /// Takes bytes from the client: straight into the pipe when there is room, else into the queue.
    /// A command that reads no more loses them, as with a broken pipe.
    ///
    /// # Errors
    /// When the client sent more than its window allowed.
    pub fn offer(&self, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.lock();
        let Some(stream) = state.stream.as_ref() else { return Ok(()) };
        let mut rest = bytes;
        if state.queue.is_empty() {
            match stream.write_now(bytes) {
                Ok(taken) => rest = &bytes[taken..],
                Err(_broken) => {
                    state.stream = None;
                    return Ok(());
                }
            }
        }
        if rest.is_empty() {
            return Ok(());
        }
        state.queued += rest.len();
        if state.queued > ABUSE {
            return Err(io::Error::other("the client ignores its window"));
        }
        state.queue.push_back(Bytes::copy_from_slice(rest));
        drop(state);
        self.work.notify_one();
        Ok(())
    }

    /// The client sends no more: the command reads the end once the queue is empty.
    pub fn end(&self) {
        let mut state = self.lock();
        state.ending = true;
        if state.queue.is_empty() {
            state.stream = None;
        }
        drop(state);
        self.work.notify_one();
    }

    /// The window to grant next.
    pub fn next_window(&self) -> u32 {
        if self.lock().queued > LAGGING { DROP } else { WINDOW }
    }

    /// Holds the client back for a moment after a drop of `received` bytes, so that drops do not become a busy loop.
    pub async fn breathe(&self, received: usize) {
        if received > DROP as usize || self.lock().queued <= LAGGING {
            return;
        }
        // That it took the whole time is as good as that there is room.
        let _ = tokio::time::timeout(DROP_WAIT, self.room.notified()).await;
    }

    /// Writes the queue to the command, until the input ends or nobody reads it.
    pub async fn feed(&self) {
        loop {
            let next = {
                let mut state = self.lock();
                if state.queue.is_empty() && state.ending {
                    state.stream = None;
                }
                let Some(stream) = state.stream.clone() else { return };
                state.queue.front().cloned().map(|bytes| (stream, bytes))
            };
            let Some((stream, bytes)) = next else {
                self.work.notified().await;
                continue;
            };
            let written = stream.write(&bytes).await;
            let mut state = self.lock();
            if written.is_err() {
                state.stream = None;
                state.queue.clear();
                state.queued = 0;
            } else {
                state.queue.pop_front();
                state.queued -= bytes.len();
            }
            if state.queued <= LAGGING {
                self.room.notify_waiters();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::stream::pipe;

    #[tokio::test]
    async fn bytes_arrive_in_order_and_a_lagging_reader_narrows_the_window() {
        let (reader, writer) = pipe().unwrap();
        let input = Input::new(Arc::new(Stream::new(writer).unwrap()));
        let block = vec![7_u8; 64 * 1024];
        let mut sent = 0;
        while input.next_window() == WINDOW {
            input.offer(&block).unwrap();
            sent += block.len();
        }
        input.offer(b"end").unwrap();
        input.end();
        assert_eq!(input.next_window(), DROP);

        let reader = Stream::new(reader).unwrap();
        let read = async {
            let (mut scratch, mut all) = (Vec::new(), Vec::new());
            loop {
                let bytes = reader.read(&mut scratch).await.unwrap();
                if bytes.is_empty() {
                    return all;
                }
                all.extend_from_slice(&bytes);
            }
        };
        let ((), all) = tokio::join!(input.feed(), read);
        assert_eq!(all.len(), sent + 3);
        assert!(all.ends_with(b"end"));
        assert_eq!(input.next_window(), WINDOW);
    }

    #[tokio::test]
    async fn a_client_that_ignores_its_window_is_found_out() {
        let (_reader, writer) = pipe().unwrap();
        let input = Input::new(Arc::new(Stream::new(writer).unwrap()));
        let block = vec![7_u8; 1024 * 1024];
        assert!((0..32).any(|_| input.offer(&block).is_err()));
    }

    #[tokio::test]
    async fn a_reader_that_is_gone_costs_nothing() {
        let (reader, writer) = pipe().unwrap();
        let input = Input::new(Arc::new(Stream::new(writer).unwrap()));
        drop(reader);
        for _ in 0..64 {
            input.offer(&[0; 1024 * 1024]).unwrap();
        }
        input.feed().await;
    }
}

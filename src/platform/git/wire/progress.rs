//! What the person who pushes sees while the server works.

use std::io::{self, Write};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::Wire;

/// Text for the pusher (`remote: …`), from any thread. Clones share one line of sight. Once the client
/// is gone it swallows everything without an error: a deploy outlives its client.
#[derive(Clone, Debug)]
pub struct Progress {
    wire: Wire,
    is_quiet: bool,
}

impl Progress {
    pub(in crate::platform::git) fn new(wire: Wire, is_quiet: bool) -> Self {
        Progress { wire, is_quiet }
    }

    /// Sends text as it is; end lines with `\n`. Sent even to a quiet client.
    pub fn message(&self, text: &str) {
        self.wire.message(text.as_bytes());
    }

    /// Sends a note on how far the work is, unless the client asked for quiet.
    pub fn note(&self, text: &str) {
        if !self.is_quiet {
            self.wire.message(text.as_bytes());
        }
    }

    /// True once a write to the client failed.
    pub fn is_client_gone(&self) -> bool {
        self.wire.is_gone()
    }
}

impl Write for Progress {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.wire.message(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

type Report = Arc<Mutex<Option<Box<dyn Fn() -> String + Send>>>>;

/// Keeps a silent connection alive, and shows how far long work is, until it is dropped.
pub(in crate::platform::git) struct KeepAlive {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
    report: Report,
}

/// Git's own interval.
const SILENCE: Duration = Duration::from_secs(5);
const TICK: Duration = Duration::from_millis(500);

impl KeepAlive {
    /// Starts to watch over the connection.
    pub(in crate::platform::git) fn start(wire: Wire, progress: Progress) -> Self {
        let (stop, stopped) = channel();
        let report: Report = Arc::default();
        let shown = Arc::clone(&report);
        let thread = std::thread::spawn(move || {
            let mut last = String::new();
            while stopped.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                let text =
                    shown.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|report| report());
                if let Some(text) = text.filter(|text| *text != last) {
                    progress.note(&format!("{text}\r"));
                    last = text;
                }
                wire.keep_alive(SILENCE);
            }
        });
        KeepAlive { stop: Some(stop), thread: Some(thread), report }
    }

    /// Shows this text, asked anew twice a second, until [`KeepAlive::show_nothing`].
    pub(in crate::platform::git) fn show(&self, report: Box<dyn Fn() -> String + Send>) {
        *self.report.lock().unwrap_or_else(PoisonError::into_inner) = Some(report);
    }

    /// Stops showing.
    pub(in crate::platform::git) fn show_nothing(&self) {
        *self.report.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Drop for KeepAlive {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // A panic there was already reported by the runtime; the push goes on.
            let _ = thread.join();
        }
    }
}

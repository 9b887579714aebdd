//! Writing packets, from any thread. When the client is gone it falls silent: what runs for the
//! client (a deploy) must not end because nobody listens.

use std::io::{BufWriter, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The most a packet carries, and the most a side-band packet carries behind its band number.
const MAX_LINE: usize = 65516;
const MAX_BAND: usize = 65515;

/// The way to the client. Clones share it.
#[derive(Clone)]
pub(in crate::platform::git) struct Wire(Arc<Mutex<State>>);

struct State {
    output: BufWriter<Box<dyn Write + Send>>,
    has_side_band: bool,
    is_gone: bool,
    last_write: Instant,
}

impl Wire {
    pub(in crate::platform::git) fn new(output: Box<dyn Write + Send>) -> Self {
        let output = BufWriter::with_capacity(1 << 16, output);
        Wire(Arc::new(Mutex::new(State {
            output,
            has_side_band: false,
            is_gone: false,
            last_write: Instant::now(),
        })))
    }

    /// From now on data and messages travel in bands.
    pub(in crate::platform::git) fn enable_side_band(&self) {
        self.state().has_side_band = true;
    }

    /// Back to plain packets: protocol v2 speaks in bands only within a pack.
    pub(in crate::platform::git) fn disable_side_band(&self) {
        self.state().has_side_band = false;
    }

    pub(in crate::platform::git) fn has_side_band(&self) -> bool {
        self.state().has_side_band
    }

    /// True when a write failed: the client closed its side.
    pub(in crate::platform::git) fn is_gone(&self) -> bool {
        self.state().is_gone
    }

    /// One line, newline included where the protocol wants one.
    pub(in crate::platform::git) fn line(&self, text: &str) {
        self.state().packet(&[], text.as_bytes());
    }

    /// `0000`, and out with all that waits.
    pub(in crate::platform::git) fn flush_packet(&self) {
        let mut state = self.state();
        state.raw(b"0000");
        state.flush();
    }

    /// `0001`.
    pub(in crate::platform::git) fn delimiter(&self) {
        self.state().raw(b"0001");
    }

    /// Out with all that waits.
    pub(in crate::platform::git) fn flush(&self) {
        self.state().flush();
    }

    /// Payload: in band 1, or as it is where there are no bands.
    pub(in crate::platform::git) fn data(&self, bytes: &[u8]) {
        let mut state = self.state();
        if state.has_side_band {
            bytes.chunks(MAX_BAND).for_each(|chunk| state.packet(&[1], chunk));
        } else {
            state.raw(bytes);
        }
    }

    /// A message for the person at the other end: in band 2; nowhere without bands.
    pub(in crate::platform::git) fn message(&self, bytes: &[u8]) {
        let mut state = self.state();
        if state.has_side_band {
            bytes.chunks(MAX_BAND).for_each(|chunk| state.packet(&[2], chunk));
            state.flush();
        }
    }

    /// An error that ends the conversation: in band 3, else as an `ERR` line.
    pub(in crate::platform::git) fn error(&self, text: &str) {
        let mut state = self.state();
        if state.has_side_band {
            state.packet(&[3], format!("{text}\n").as_bytes());
        } else {
            state.packet(b"ERR ", text.as_bytes());
        }
        state.flush();
    }

    /// An empty packet in band 1 if nothing was written for so long: routers forget silent connections.
    pub(in crate::platform::git) fn keep_alive(&self, silence: Duration) {
        let mut state = self.state();
        if state.has_side_band && state.last_write.elapsed() >= silence {
            state.raw(b"0005\x01");
            state.flush();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn packet(&mut self, prefix: &[u8], bytes: &[u8]) {
        let bytes = &bytes[..bytes.len().min(MAX_LINE)];
        self.raw(format!("{:04x}", 4 + prefix.len() + bytes.len()).as_bytes());
        self.raw(prefix);
        self.raw(bytes);
    }

    fn raw(&mut self, bytes: &[u8]) {
        if !self.is_gone {
            self.is_gone = self.output.write_all(bytes).is_err();
            self.last_write = Instant::now();
        }
    }

    fn flush(&mut self) {
        if !self.is_gone {
            self.is_gone = self.output.flush().is_err();
        }
    }
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Wire")
    }
}

//! How much of the machine this push has used.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use crate::model::{Fault, Outcome};
use crate::platform::git::receive::Limits;

/// Counts what a push costs, from all threads.
pub(super) struct Budget<'a> {
    pub limits: &'a Limits,
    inflated: AtomicU64,
    received: AtomicU64,
    deadline: Instant,
}

impl<'a> Budget<'a> {
    pub(super) fn new(limits: &'a Limits) -> Self {
        let deadline = Instant::now() + limits.resolve_time;
        Budget { limits, inflated: AtomicU64::new(0), received: AtomicU64::new(0), deadline }
    }

    /// All bytes are here: the time for working them out starts now.
    pub(super) fn start_resolving(&mut self) {
        self.deadline = Instant::now() + self.limits.resolve_time;
    }

    /// So many bytes of the pack have arrived.
    pub(super) fn received(&self, bytes: u64) -> Outcome {
        self.received.store(bytes, Ordering::Relaxed);
        if bytes <= self.limits.pack_bytes {
            return Ok(());
        }
        let fault =
            Fault::new(format!("the pack is larger than the limit of {} bytes", self.limits.pack_bytes));
        Err(match &self.limits.pack_bytes_hint {
            Some(hint) => fault.hint(hint),
            None => fault,
        })
    }

    /// An object of this size was made.
    pub(super) fn inflated(&self, bytes: u64) -> Outcome {
        let total = self.inflated.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let received = self.received.load(Ordering::Relaxed);
        let limit = self.limits.inflated_bytes.saturating_add(received.saturating_mul(self.limits.inflation));
        if total > limit {
            return Err(Fault::new(format!(
                "the pack of {received} bytes unpacks to more than {limit} bytes"
            )));
        }
        Ok(())
    }

    /// An object that must be held in memory has this size.
    pub(super) fn in_memory(&self, bytes: u64) -> Outcome {
        if bytes > self.limits.object_bytes {
            return Err(Fault::new(format!(
                "an object of {bytes} bytes is larger than the limit of {} bytes",
                self.limits.object_bytes
            )));
        }
        Ok(())
    }

    /// Fails when the time is over.
    pub(super) fn on_time(&self) -> Outcome {
        if Instant::now() > self.deadline {
            return Err(Fault::new(format!(
                "the pack was not worked out within {} seconds",
                self.limits.resolve_time.as_secs()
            )));
        }
        Ok(())
    }
}

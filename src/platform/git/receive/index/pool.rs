//! Work shared by threads that make more work: each keeps its own stack, and gives its oldest piece
//! to one that has none.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The pieces of work that are nobody's yet.
pub(super) struct Pool<T> {
    shared: Mutex<Shared<T>>,
    changed: Condvar,
    hungry: AtomicUsize,
    threads: usize,
}

struct Shared<T> {
    pieces: Vec<T>,
    idle: usize,
    is_over: bool,
}

impl<T> Pool<T> {
    /// A pool for so many threads, with what there is to do at first, last piece first.
    pub(super) fn new(threads: usize, pieces: Vec<T>) -> Self {
        let shared = Shared { pieces, idle: 0, is_over: false };
        Pool { shared: Mutex::new(shared), changed: Condvar::new(), hungry: AtomicUsize::new(0), threads }
    }

    /// The next piece; waits for one while others work. `None` when all is done, or one has failed.
    pub(super) fn take(&self) -> Option<T> {
        let mut shared = self.lock();
        shared.idle += 1;
        loop {
            if shared.is_over {
                return None;
            }
            if let Some(piece) = shared.pieces.pop() {
                shared.idle -= 1;
                self.hungry.store(shared.idle, Ordering::Relaxed);
                return Some(piece);
            }
            if shared.idle == self.threads {
                shared.is_over = true;
                self.changed.notify_all();
                return None;
            }
            self.hungry.store(shared.idle, Ordering::Relaxed);
            shared = self.changed.wait(shared).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// True when somebody waits for work.
    pub(super) fn is_hungry(&self) -> bool {
        self.hungry.load(Ordering::Relaxed) > 0
    }

    /// Gives a piece away.
    pub(super) fn give(&self, piece: T) {
        self.lock().pieces.push(piece);
        self.changed.notify_one();
    }

    /// One failed: nobody gets more.
    pub(super) fn stop(&self) {
        self.lock().is_over = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Shared<T>> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

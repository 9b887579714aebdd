//! Randomness for ids, names and ports.

use std::fs::File;
use std::io::Read;

/// A source of random bytes. Tests hand in a counted one.
pub trait Random: Send + Sync {
    /// Fills the buffer.
    fn fill(&self, buffer: &mut [u8]);

    /// A number below `limit` (which must not be 0). The small bias towards low numbers does not matter for names.
    fn below(&self, limit: u64) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_le_bytes(bytes) % limit
    }
}

/// The kernel's random numbers.
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, buffer: &mut [u8]) {
        File::open("/dev/urandom")
            .and_then(|mut file| file.read_exact(buffer))
            .expect("every Linux has /dev/urandom, and reading it does not fail");
    }
}

//! What a build prints, kept: to its log file, and on to whoever watches.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::output::{Sink, Stream};
use crate::model::Outcome;
use crate::platform::files::Appender;

/// Writes all it is given to a log file and, as standard output, to an inner sink: while a build is captured its
/// warnings arrive on standard output (contract: output.md section 1).
///
/// A build outlives its client: once the inner sink takes nothing more, the log alone goes on. A log that
/// cannot be written (a full disk) does not end the build either.
pub struct BuildLog {
    log: Appender,
    inner: Arc<dyn Sink>,
    is_client_gone: AtomicBool,
}

impl BuildLog {
    /// Opens the log file.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(path: &Path, inner: Arc<dyn Sink>) -> Outcome<Self> {
        let log = Appender::open(path, 0o644)?;
        Ok(BuildLog { log, inner, is_client_gone: AtomicBool::new(false) })
    }
}

impl Sink for BuildLog {
    fn write(&self, _: Stream, bytes: &[u8]) -> io::Result<()> {
        // The build matters more than its log.
        let _ = self.log.add(bytes);
        if !self.is_gone() && self.inner.write(Stream::Stdout, bytes).is_err() {
            self.is_client_gone.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    fn is_gone(&self) -> bool {
        self.is_client_gone.load(Ordering::Relaxed) || self.inner.is_gone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Buffers, Out};
    use crate::platform::files;

    struct Gone;

    impl Sink for Gone {
        fn write(&self, _: Stream, _: &[u8]) -> io::Result<()> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    }

    fn logged(inner: Arc<dyn Sink>) -> (String, bool) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("shop/a1.log");
        let log = Arc::new(BuildLog::open(&path, inner).expect("writable"));
        let out = Out::to(log.clone(), false, false);
        out.step("Building");
        out.warn("careful");
        let text = files::read_text(&path).expect("readable").expect("there");
        (text, log.is_gone())
    }

    #[test]
    fn log_and_client_get_all_and_warnings_arrive_on_standard_output() {
        let client = Arc::new(Buffers::default());
        let (text, is_gone) = logged(client.clone());
        assert_eq!(text, "-----> Building\n !     careful\n");
        assert_eq!(client.text(Stream::Stdout), text);
        assert_eq!(client.text(Stream::Stderr), "");
        assert!(!is_gone);
    }

    #[test]
    fn the_log_goes_on_when_the_client_is_gone() {
        let (text, is_gone) = logged(Arc::new(Gone));
        assert_eq!(text, "-----> Building\n !     careful\n");
        assert!(is_gone);
    }
}

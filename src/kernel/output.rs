//! All that a command prints, with Dokku's prefixes (contract: output.md section 1).

use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Which of the two streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// Where printed bytes go.
pub trait Sink: Send + Sync {
    /// Writes all bytes to the stream.
    ///
    /// # Errors
    /// When nobody reads any more. Only long output needs to care.
    fn write(&self, stream: Stream, bytes: &[u8]) -> io::Result<()>;

    /// True once somebody who read this is known to be gone.
    fn is_gone(&self) -> bool {
        false
    }

    /// True when this sink is the process's own two streams, so that a child may inherit them.
    fn is_inheritable(&self) -> bool {
        false
    }
}

/// The process's own streams.
struct ProcessSink;

impl Sink for ProcessSink {
    fn write(&self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        match stream {
            Stream::Stdout => {
                let mut stdout = io::stdout().lock();
                stdout.write_all(bytes).and_then(|()| stdout.flush())
            }
            Stream::Stderr => io::stderr().lock().write_all(bytes),
        }
    }

    fn is_inheritable(&self) -> bool {
        true
    }
}

/// Swallows standard output; errors still go where they went.
struct Silenced(Arc<dyn Sink>);

impl Sink for Silenced {
    fn write(&self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        match stream {
            Stream::Stdout => Ok(()),
            Stream::Stderr => self.0.write(stream, bytes),
        }
    }

    fn is_gone(&self) -> bool {
        self.0.is_gone()
    }
}

/// How many bytes are gathered before they are written.
const PIECE: usize = 64 * 1024;

/// Writes standard output in large pieces: the last when this goes. What goes to standard error does so in its place.
struct Gathered {
    sink: Arc<dyn Sink>,
    held: Mutex<Vec<u8>>,
}

impl Gathered {
    fn pass_on(&self, held: &mut Vec<u8>) -> io::Result<()> {
        if held.is_empty() {
            return Ok(());
        }
        self.sink.write(Stream::Stdout, &std::mem::take(held))
    }

    fn held(&self) -> MutexGuard<'_, Vec<u8>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink for Gathered {
    fn write(&self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        let mut held = self.held();
        if stream == Stream::Stdout {
            held.extend_from_slice(bytes);
            return if held.len() < PIECE { Ok(()) } else { self.pass_on(&mut held) };
        }
        self.pass_on(&mut held)?;
        self.sink.write(stream, bytes)
    }

    fn is_gone(&self) -> bool {
        self.sink.is_gone()
    }
}

impl Drop for Gathered {
    fn drop(&mut self) {
        let mut held = self.held();
        // As with a line: who went away reads nothing.
        let _ = self.pass_on(&mut held);
    }
}

/// Both streams in memory, for tests and for output that is looked at before it is shown.
#[derive(Default)]
pub struct Buffers {
    stdout: Mutex<Vec<u8>>,
    stderr: Mutex<Vec<u8>>,
}

impl Buffers {
    /// What was written to the stream so far.
    pub fn text(&self, stream: Stream) -> String {
        let buffer = self.of(stream).lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&buffer).into_owned()
    }

    fn of(&self, stream: Stream) -> &Mutex<Vec<u8>> {
        match stream {
            Stream::Stdout => &self.stdout,
            Stream::Stderr => &self.stderr,
        }
    }
}

impl Sink for Buffers {
    fn write(&self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        self.of(stream).lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(())
    }
}

/// What commands print through. Cheap to clone.
#[derive(Clone)]
pub struct Out {
    sink: Arc<dyn Sink>,
    quiet: bool,
    trace: bool,
}

impl Out {
    /// Prints to the process's own streams.
    pub fn of_process(quiet: bool, trace: bool) -> Self {
        Out { sink: Arc::new(ProcessSink), quiet, trace }
    }

    /// Prints to a sink.
    pub fn to(sink: Arc<dyn Sink>, quiet: bool, trace: bool) -> Self {
        Out { sink, quiet, trace }
    }

    /// The same, printing elsewhere.
    #[must_use]
    pub fn redirected(&self, sink: Arc<dyn Sink>) -> Self {
        Out { sink, quiet: self.quiet, trace: self.trace }
    }

    /// Where this prints to.
    pub fn sink(&self) -> Arc<dyn Sink> {
        Arc::clone(&self.sink)
    }

    /// For lines that `--quiet` hides: `out.unless_quiet().step(…)`.
    #[must_use]
    pub fn unless_quiet(&self) -> Self {
        if self.quiet { self.silenced() } else { self.clone() }
    }

    /// The same without standard output.
    #[must_use]
    pub fn silenced(&self) -> Self {
        self.redirected(Arc::new(Silenced(Arc::clone(&self.sink))))
    }

    /// The same, writing in large pieces: for long output that nothing is waited for in between. The last piece comes
    /// when this and what was made from it is dropped.
    #[must_use]
    pub fn gathered(&self) -> Self {
        let held = Mutex::default();
        self.redirected(Arc::new(Gathered { sink: Arc::clone(&self.sink), held }))
    }

    /// True once the client is known to be gone, which takes that something was printed.
    pub fn is_client_gone(&self) -> bool {
        self.sink.is_gone()
    }

    /// True with `--quiet`.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// True with `--trace`.
    pub fn is_trace(&self) -> bool {
        self.trace
    }

    /// `-----> text` on standard output: a step.
    pub fn step(&self, text: impl AsRef<str>) {
        self.line(Stream::Stdout, "-----> ", text.as_ref());
    }

    /// `=====> text` on standard output: a heading.
    pub fn heading(&self, text: impl AsRef<str>) {
        self.line(Stream::Stdout, "=====> ", text.as_ref());
    }

    /// Seven spaces and the text on standard output: a detail.
    pub fn detail(&self, text: impl AsRef<str>) {
        self.line(Stream::Stdout, "       ", text.as_ref());
    }

    /// ` !     text` on standard error: a warning or failure.
    pub fn warn(&self, text: impl AsRef<str>) {
        self.line(Stream::Stderr, " !     ", text.as_ref());
    }

    /// ` !     text` on standard output: what a container wrote to its standard error.
    pub fn exclaim(&self, text: impl AsRef<str>) {
        self.line(Stream::Stdout, " !     ", text.as_ref());
    }

    /// ` ?     text` on standard error, with `--trace` only.
    pub fn debug(&self, text: impl AsRef<str>) {
        if self.trace {
            self.line(Stream::Stderr, " ?     ", text.as_ref());
        }
    }

    /// The text and a newline on standard output: lists and values.
    pub fn plain(&self, text: impl AsRef<str>) {
        self.line(Stream::Stdout, "", text.as_ref());
    }

    /// The text and a newline on standard error, without prefix.
    pub fn plain_error(&self, text: impl AsRef<str>) {
        self.line(Stream::Stderr, "", text.as_ref());
    }

    /// Bytes as they are.
    ///
    /// # Errors
    /// When nobody reads any more: a command that streams without end then ends.
    pub fn raw(&self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        self.sink.write(stream, bytes)
    }

    fn line(&self, stream: Stream, prefix: &str, text: &str) {
        let mut line = String::with_capacity(prefix.len() + text.len() + 1);
        line.push_str(prefix);
        line.push_str(text);
        line.push('\n');
        // A reader that went away must not stop a command half-way.
        let _ = self.sink.write(stream, line.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every write as it came.
    #[derive(Default)]
    struct Writes(Mutex<Vec<(Stream, String)>>);

    impl Sink for Writes {
        fn write(&self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
            let text = String::from_utf8_lossy(bytes).into_owned();
            self.0.lock().expect("no test panics here").push((stream, text));
            Ok(())
        }
    }

    #[test]
    fn gathered_output_is_written_in_pieces_and_an_error_in_its_place() {
        let writes = Arc::new(Writes::default());
        let out = Out::to(writes.clone(), false, false).gathered();
        out.plain("one");
        out.plain("two");
        out.warn("beware");
        out.plain("x".repeat(PIECE));
        out.plain("last");
        assert_eq!(writes.0.lock().expect("fine").len(), 3);
        drop(out);
        let seen: Vec<_> =
            writes.0.lock().expect("fine").iter().map(|(of, text)| (*of, text.len())).collect();
        let (stdout, stderr) = (Stream::Stdout, Stream::Stderr);
        assert_eq!(seen, [(stdout, 8), (stderr, 14), (stdout, PIECE + 1), (stdout, 5)]);
    }
}

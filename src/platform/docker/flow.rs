//! Turning the engine's answers into streams: JSON lines, plain bytes, and the framed output of
//! containers.

use std::collections::VecDeque;

use bytes::{Buf, Bytes, BytesMut};
use futures_util::stream::{self, BoxStream, StreamExt};
use hyper::body::{Body, Incoming};
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncReadExt};

use super::{ByteStream, Chunk, ChunkStream, DockerError, DockerResult, Source};
use crate::model::Fault;

/// How output is told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// A terminal: plain bytes.
    Raw,
    /// Unknown: engines before API 1.42 do not say. A frame's head gives it away.
    Guess,
}

/// The answer's bytes as they come. `what` completes "cannot …".
pub fn bytes(body: Incoming, what: String) -> ByteStream {
    stream::unfold((body, what), |(mut body, what)| async move {
        loop {
            let frame = std::future::poll_fn(|cx| std::pin::Pin::new(&mut body).poll_frame(cx)).await?;
            match frame {
                Ok(frame) => match frame.into_data() {
                    Ok(data) => return Some((Ok(data), (body, what))),
                    Err(_trailers) => {}
                },
                Err(error) => {
                    let fault = Fault::new(format!("cannot {what}: the Docker engine closed the connection"))
                        .hint("if the engine was restarted, try again")
                        .caused_by(error);
                    return Some((Err(DockerError::Unreachable(fault)), (body, what)));
                }
            }
        }
    })
    .boxed()
}

/// What comes out of a connection that was taken over.
pub fn read(from: impl AsyncRead + Send + Unpin + 'static, what: String) -> ByteStream {
    stream::unfold((from, what, BytesMut::new()), |(mut from, what, mut buffer)| async move {
        buffer.reserve(16 * 1024);
        match from.read_buf(&mut buffer).await {
            Ok(0) => None,
            Ok(_) => Some((Ok(buffer.split().freeze()), (from, what, buffer))),
            Err(error) => {
                let fault = Fault::new(format!("cannot {what}: the connection broke")).caused_by(error);
                Some((Err(DockerError::Unreachable(fault)), (from, what, buffer)))
            }
        }
    })
    .boxed()
}

/// One value for each line of the answer.
pub fn json_lines<T: DeserializeOwned + Send + 'static>(
    body: Incoming,
    what: String,
) -> BoxStream<'static, DockerResult<T>> {
    let lines = Lines { source: bytes(body, what.clone()), buffer: BytesMut::new(), searched: 0 };
    stream::unfold((lines, what), |(mut lines, what)| async move {
        let value = match lines.next().await? {
            Ok(line) => serde_json::from_slice(&line).map_err(|error| {
                let text = String::from_utf8_lossy(&line);
                Fault::new(format!("cannot {what}: the Docker engine sent {text}")).caused_by(error).into()
            }),
            Err(error) => Err(error),
        };
        Some((value, (lines, what)))
    })
    .boxed()
}

struct Lines {
    source: ByteStream,
    buffer: BytesMut,
    /// So many bytes of the buffer are known to hold no line feed: long lines cost no second look.
    searched: usize,
}

impl Lines {
    /// The next line that is not blank, without its end.
    async fn next(&mut self) -> Option<DockerResult<Bytes>> {
        loop {
            if let Some(at) = self.buffer[self.searched..].iter().position(|byte| *byte == b'\n') {
                let line = self.buffer.split_to(self.searched + at + 1).freeze();
                self.searched = 0;
                if line.trim_ascii().is_empty() {
                    continue;
                }
                return Some(Ok(line));
            }
            self.searched = self.buffer.len();
            match self.source.next().await {
                Some(Ok(more)) => self.buffer.extend_from_slice(&more),
                Some(Err(error)) => return Some(Err(error)),
                None => {
                    let rest = self.buffer.split().freeze();
                    self.searched = 0;
                    return (!rest.trim_ascii().is_empty()).then_some(Ok(rest));
                }
            }
        }
    }
}

/// A container's output, the two streams told apart where they are.
pub fn chunks(source: ByteStream, framing: Framing) -> ChunkStream {
    let framing = match framing {
        Framing::Raw => State::Raw,
        Framing::Guess => State::Guess,
    };
    let demux = Demux { state: framing, buffer: BytesMut::new(), ready: VecDeque::new() };
    stream::unfold((source, demux), |(mut source, mut demux)| async move {
        loop {
            if let Some(chunk) = demux.ready.pop_front() {
                return Some((Ok(chunk), (source, demux)));
            }
            match source.next().await {
                Some(Ok(bytes)) => demux.take(bytes),
                Some(Err(error)) => return Some((Err(error), (source, demux))),
                None => {
                    demux.end();
                    let chunk = demux.ready.pop_front()?;
                    return Some((Ok(chunk), (source, demux)));
                }
            }
        }
    })
    .boxed()
}

/// Takes frames apart: one byte for the stream, three zeros, the length, the bytes.
struct Demux {
    state: State,
    buffer: BytesMut,
    ready: VecDeque<Chunk>,
}

enum State {
    Guess,
    Raw,
    Head,
    Payload(Source, usize),
}

impl Demux {
    fn take(&mut self, bytes: Bytes) {
        self.buffer.extend_from_slice(&bytes);
        loop {
            match self.state {
                State::Guess => match looks_framed(&self.buffer) {
                    Some(true) => self.state = State::Head,
                    Some(false) => self.state = State::Raw,
                    None => return,
                },
                State::Raw => {
                    self.give(Source::Stdout, self.buffer.len());
                    return;
                }
                State::Head if self.buffer.len() < 8 => return,
                State::Head => {
                    let source = if self.buffer[0] == 2 { Source::Stderr } else { Source::Stdout };
                    self.buffer.advance(4);
                    self.state = State::Payload(source, self.buffer.get_u32() as usize);
                }
                State::Payload(_, 0) => self.state = State::Head,
                State::Payload(_, _) if self.buffer.is_empty() => return,
                // A part of a frame is passed on at once: nothing waits for the end of a long line.
                State::Payload(source, left) => {
                    let now = left.min(self.buffer.len());
                    self.give(source, now);
                    self.state = State::Payload(source, left - now);
                }
            }
        }
    }

    fn end(&mut self) {
        if matches!(self.state, State::Guess | State::Raw) {
            self.give(Source::Stdout, self.buffer.len());
        }
    }

    fn give(&mut self, source: Source, length: usize) {
        if length > 0 {
            self.ready.push_back(Chunk { source, bytes: self.buffer.split_to(length).freeze() });
        }
    }
}

/// Whether this begins a frame; none while that is open. No terminal begins with a control character
/// 0 to 2 and three zeros.
fn looks_framed(start: &[u8]) -> Option<bool> {
    let fits =
        start.iter().take(4).enumerate().all(|(at, byte)| if at == 0 { *byte < 3 } else { *byte == 0 });
    if !fits {
        return Some(false);
    }
    (start.len() >= 4).then_some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pieces: &[&[u8]], expected: &[(Source, &str)]) {
        let mut demux = Demux { state: State::Guess, buffer: BytesMut::new(), ready: VecDeque::new() };
        for piece in pieces {
            demux.take(Bytes::copy_from_slice(piece));
        }
        demux.end();
        let found: Vec<(Source, String)> = demux
            .ready
            .iter()
            .map(|chunk| (chunk.source, String::from_utf8_lossy(&chunk.bytes).into_owned()))
            .collect();
        let found: Vec<(Source, &str)> =
            found.iter().map(|(source, text)| (*source, text.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn frames_cut_anywhere_keep_their_stream() {
        let whole = b"\x01\0\0\0\0\0\0\x03abc\x02\0\0\0\0\0\0\x01!";
        for cut in 0..whole.len() {
            let (left, right) = whole.split_at(cut);
            let mut demux = Demux { state: State::Guess, buffer: BytesMut::new(), ready: VecDeque::new() };
            demux.take(Bytes::copy_from_slice(left));
            demux.take(Bytes::copy_from_slice(right));
            demux.end();
            let text = |source| {
                let bytes: Vec<u8> = demux
                    .ready
                    .iter()
                    .filter(|chunk| chunk.source == source)
                    .flat_map(|chunk| chunk.bytes.to_vec())
                    .collect();
                String::from_utf8(bytes).expect("text")
            };
            assert_eq!((text(Source::Stdout).as_str(), text(Source::Stderr).as_str()), ("abc", "!"));
        }
    }

    #[test]
    fn a_terminal_shows_a_prompt_without_a_line_feed() {
        check(&[b"# ", b"ls"], &[(Source::Stdout, "# "), (Source::Stdout, "ls")]);
    }

    #[test]
    fn a_terminal_that_begins_with_a_control_character_is_no_frame() {
        check(&[b"\x02", b"hi"], &[(Source::Stdout, "\x02hi")]);
    }
}

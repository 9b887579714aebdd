//! What containers write, line by line, each line with its container's colour
//! (contract: output.md section 5, logs).

use std::borrow::Cow;
use std::cmp::Ordering;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use serde::Serialize;
use tokio::time::{Instant, timeout_at};

use crate::kernel::{Ctx, Result, Stream, json};
use crate::platform::docker::{ChunkStream, DockerError, DockerResult, Logs, Source};
use crate::triggers::LOGS_FORMAT;

const COLORS: [u8; 5] = [36, 33, 32, 35, 31];

/// How logs are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Goes on until the containers end.
    pub tail: bool,
    /// How many lines of each container.
    pub num: u32,
    /// What a line looks like.
    pub form: Form,
}

/// What a line looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// With time and container, in colour.
    Painted,
    /// As the container wrote it.
    Bare,
    /// An object with time, container, stream and text.
    Json,
}

impl Form {
    /// As the caller wants it.
    pub fn of(ctx: &Ctx, is_quiet: bool) -> Self {
        match (ctx.env.get(LOGS_FORMAT), is_quiet) {
            (Some("json"), _) => Form::Json,
            (_, true) => Form::Bare,
            (_, false) => Form::Painted,
        }
    }
}

/// How long a line that was followed may wait for earlier ones of other containers: for the next to come, and at most.
const IN_ORDER: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(25));

/// A line, and when it was written.
struct Line {
    time: Vec<u8>,
    text: Vec<u8>,
}

type Lines = BoxStream<'static, DockerResult<Line>>;

/// Prints the logs of containers, given as id and the name shown, in the order in which they were written.
///
/// # Errors
/// When the engine cannot be asked.
pub async fn print(ctx: &Ctx, containers: &[(String, String)], wanted: Wanted) -> Result {
    // Times are needed to put lines in order, too.
    let has_times = wanted.form != Form::Bare || containers.len() > 1;
    let logs = Logs {
        tail: Some(u64::from(wanted.num)),
        follow: wanted.tail,
        timestamps: has_times,
        ..Logs::default()
    };
    let mut sources: Vec<Lines> = Vec::new();
    for (number, (id, name)) in containers.iter().enumerate() {
        let chunks = match ctx.platform.docker.container_logs(id, &logs).await {
            Ok(chunks) => chunks,
            // The others have something to say all the same.
            Err(DockerError::NotFound(_)) if containers.len() > 1 => {
                ctx.out.warn(format!("The container of {name} is gone, and its log with it"));
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let (color, name) = (COLORS[number % COLORS.len()], name.clone());
        let mut last = Vec::new();
        let mut line = move |(source, line): (Source, Vec<u8>)| {
            let (time, message) = if has_times { timed(&line) } else { (None, line.as_slice()) };
            // What has no time belongs to the line before.
            if let Some(time) = time {
                time.clone_into(&mut last);
            }
            let text = match wanted.form {
                Form::Painted => painted(&line, color, &name),
                Form::Bare => ended(message),
                Form::Json => object(&last, &name, source, message),
            };
            Line { time: last.clone(), text }
        };
        sources.push(lines(chunks).map(move |found| found.map(&mut line)).boxed());
    }
    let mut all = if wanted.tail { as_they_come(sources) } else { merged(sources) };
    while let Some(line) = all.next().await {
        if ctx.out.raw(Stream::Stdout, &line?.text).is_err() {
            // Nobody reads any more.
            return Ok(());
        }
    }
    Ok(())
}

/// The lines of all, the earliest first. Each source ends.
fn merged(sources: Vec<Lines>) -> Lines {
    let start: Vec<_> = sources.into_iter().map(|source| (source, None)).collect();
    stream::unfold(start, |mut sources| async move {
        for (source, head) in &mut sources {
            if head.is_none() {
                *head = source.next().await;
            }
        }
        sources.retain(|(_, head)| head.is_some());
        let time = |(_, head): &(Lines, Option<DockerResult<Line>>)| match head {
            Some(Ok(line)) => line.time.clone(),
            // An error is told at once.
            Some(Err(_)) | None => Vec::new(),
        };
        let (first, _) = sources.iter().enumerate().min_by_key(|(_, source)| time(source))?;
        let line = sources[first].1.take()?;
        Some((line, sources))
    })
    .boxed()
}

/// The lines of all as they come; those that come together in the order in which they were written.
fn as_they_come(sources: Vec<Lines>) -> Lines {
    if sources.len() == 1 {
        return sources.into_iter().next().unwrap_or_else(|| stream::empty().boxed());
    }
    stream::unfold(stream::select_all(sources), |mut all| async move {
        let mut together = vec![all.next().await?];
        let deadline = Instant::now() + IN_ORDER.1;
        loop {
            let until = deadline.min(Instant::now() + IN_ORDER.0);
            match timeout_at(until, all.next()).await {
                Ok(Some(line)) => together.push(line),
                Ok(None) | Err(_) => break,
            }
        }
        together.sort_by(|one, other| match (one, other) {
            (Ok(one), Ok(other)) => one.time.cmp(&other.time),
            (Err(_), _) | (_, Err(_)) => Ordering::Equal,
        });
        Some((stream::iter(together), all))
    })
    .flatten()
    .boxed()
}

/// The time in front of a line, if there is one, and what follows it.
fn timed(line: &[u8]) -> (Option<&[u8]>, &[u8]) {
    match line.windows(2).position(|two| two == b"Z ") {
        Some(end) => (line.get(..end), line.get(end + 2..).unwrap_or_default()),
        None => (None, line),
    }
}

/// Whole lines, without their ends, of both streams of a container, and which of them each is of.
fn lines(chunks: ChunkStream) -> BoxStream<'static, DockerResult<(Source, Vec<u8>)>> {
    // The two streams come in pieces of their own; a line of one must not be cut by a piece of the other.
    let start = (chunks, [Vec::new(), Vec::new()], false);
    stream::unfold(start, |(mut chunks, mut held, is_over)| async move {
        if is_over {
            return None;
        }
        loop {
            match chunks.next().await {
                Some(Ok(chunk)) => {
                    let held_here = &mut held[chunk.source as usize];
                    held_here.extend_from_slice(&chunk.bytes);
                    let Some(end) = held_here.iter().rposition(|byte| *byte == b'\n') else { continue };
                    let rest = held_here.split_off(end + 1);
                    let mut whole = std::mem::replace(held_here, rest);
                    whole.truncate(end);
                    return Some((Ok(vec![(chunk.source, whole)]), (chunks, held, false)));
                }
                Some(Err(error)) => return Some((Err(error), (chunks, held, true))),
                None => {
                    let [out, err] = std::mem::take(&mut held);
                    let mut left = vec![(Source::Stdout, out), (Source::Stderr, err)];
                    left.retain(|(_, line)| !line.is_empty());
                    return Some((Ok(left), (chunks, held, true)));
                }
            }
        }
    })
    .flat_map(|pieces| match pieces {
        Ok(pieces) => {
            let of_piece = |(source, whole): &(Source, Vec<u8>)| -> Vec<_> {
                whole.split(|byte| *byte == b'\n').map(|line| Ok((*source, line.to_vec()))).collect()
            };
            stream::iter(pieces.iter().flat_map(of_piece).collect::<Vec<_>>())
        }
        Err(error) => stream::iter(vec![Err(error)]),
    })
    .boxed()
}

fn ended(line: &[u8]) -> Vec<u8> {
    [line, b"\n"].concat()
}

/// Colour, time and name, then the line. What has no time in front is left as it is.
fn painted(line: &[u8], color: u8, name: &str) -> Vec<u8> {
    let (Some(time), message) = timed(line) else { return ended(line) };
    let mut painted = format!("\x1b[{color}m").into_bytes();
    painted.extend_from_slice(time);
    painted.extend_from_slice(format!("Z app[{name}]:\x1b[0m ").as_bytes());
    painted.extend_from_slice(message);
    painted.push(b'\n');
    painted
}

/// What programs read: the same, each part under its name.
fn object(time: &[u8], name: &str, source: Source, message: &[u8]) -> Vec<u8> {
    let time = match String::from_utf8_lossy(time) {
        time if time.is_empty() => String::new(),
        time => format!("{time}Z"),
    };
    let stream = match source {
        Source::Stdout => "stdout",
        Source::Stderr => "stderr",
    };
    let object = Object { time, process: name, stream, message: String::from_utf8_lossy(message) };
    ended(json::compact(&object).as_bytes())
}

/// A line as JSON, in this order.
#[derive(Serialize)]
struct Object<'a> {
    time: String,
    process: &'a str,
    stream: &'static str,
    message: Cow<'a, str>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::docker::Chunk;

    #[test]
    fn a_line_has_time_and_name_in_colour() {
        let line = painted(b"2026-01-02T03:04:05.123456789Z hello Z you", 36, "web.1");
        let expected = "\x1b[36m2026-01-02T03:04:05.123456789Z app[web.1]:\x1b[0m hello Z you\n";
        assert_eq!(String::from_utf8_lossy(&line), expected);
        assert_eq!(painted(b"no time", 36, "web.1"), b"no time\n");
    }

    #[test]
    fn pieces_of_two_streams_do_not_cut_each_others_lines() {
        let chunk = |source, text: &'static str| Ok(Chunk { source, bytes: text.into() });
        let chunks = stream::iter([
            chunk(Source::Stdout, "hel"),
            chunk(Source::Stderr, "oops\n"),
            chunk(Source::Stdout, "lo\n\nwor"),
            chunk(Source::Stderr, "last"),
            chunk(Source::Stdout, "ld"),
        ])
        .boxed();
        let runtime = crate::platform::runtime().expect("a runtime");
        let lines: Vec<_> = runtime.block_on(lines(chunks).map(|line| line.expect("a line")).collect());
        let expected = [
            (Source::Stderr, "oops"),
            (Source::Stdout, "hello"),
            (Source::Stdout, ""),
            (Source::Stdout, "world"),
            (Source::Stderr, "last"),
        ];
        assert_eq!(lines, expected.map(|(source, line)| (source, line.as_bytes().to_vec())));
    }

    #[test]
    fn programs_read_the_parts_of_a_line_by_their_names() {
        let line = object(b"2026-01-02T03:04:05.1", "web.1", Source::Stderr, b"<oops> \xff");
        assert_eq!(
            String::from_utf8_lossy(&line),
            "{\"time\":\"2026-01-02T03:04:05.1Z\",\"process\":\"web.1\",\"stream\":\"stderr\",\"message\":\"\\u003coops\\u003e \u{fffd}\"}\n"
        );
    }

    #[test]
    fn lines_of_several_containers_stand_in_the_order_of_their_times() {
        let source = |lines: &[(&str, &str)]| -> Lines {
            let lines: Vec<_> = lines
                .iter()
                .map(|(time, text)| Ok(Line { time: (*time).into(), text: (*text).into() }))
                .collect();
            stream::iter(lines).boxed()
        };
        let sources =
            || vec![source(&[("1", "a"), ("4", "b")]), source(&[("2", "c"), ("3", "d"), ("5", "e")])];
        let runtime = crate::platform::runtime().expect("a runtime");
        for all in [merged(sources()), as_they_come(sources())] {
            let told: Vec<Vec<u8>> = runtime.block_on(all.map(|line| line.expect("a line").text).collect());
            assert_eq!(told.concat(), b"acdbe");
        }
    }
}

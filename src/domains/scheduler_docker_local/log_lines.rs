//! What containers write, line by line, each line with its container's colour
//! (contract: output.md section 5, logs).

use std::cmp::Ordering;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use tokio::time::{Instant, timeout_at};

use crate::kernel::{Ctx, Result, Stream};
use crate::platform::docker::{ChunkStream, DockerResult, Logs};

const COLORS: [u8; 5] = [36, 33, 32, 35, 31];

/// How logs are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Goes on until the containers end.
    pub tail: bool,
    /// Lines as the container wrote them, without time and name.
    pub quiet: bool,
    /// How many lines of each container.
    pub num: u32,
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
    let has_times = !wanted.quiet || containers.len() > 1;
    let logs = Logs {
        tail: Some(u64::from(wanted.num)),
        follow: wanted.tail,
        timestamps: has_times,
        ..Logs::default()
    };
    let mut sources: Vec<Lines> = Vec::new();
    for (number, (id, name)) in containers.iter().enumerate() {
        let chunks = ctx.platform.docker.container_logs(id, &logs).await?;
        let (color, name) = (COLORS[number % COLORS.len()], name.clone());
        let mut last = Vec::new();
        let line = move |line: Vec<u8>| {
            let (time, message) = if has_times { timed(&line) } else { (None, line.as_slice()) };
            // What has no time belongs to the line before.
            if let Some(time) = time {
                time.clone_into(&mut last);
            }
            let text = if wanted.quiet { ended(message) } else { painted(&line, color, &name) };
            Line { time: last.clone(), text }
        };
        let mut line = line;
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

/// Whole lines, without their ends, of both streams of a container.
fn lines(chunks: ChunkStream) -> BoxStream<'static, DockerResult<Vec<u8>>> {
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
                    let whole = std::mem::replace(held_here, rest);
                    return Some((Ok(whole), (chunks, held, false)));
                }
                Some(Err(error)) => return Some((Err(error), (chunks, held, true))),
                None => {
                    let whole = std::mem::take(&mut held).concat();
                    return Some((Ok(whole), (chunks, held, true)));
                }
            }
        }
    })
    .flat_map(|piece| match piece {
        Ok(whole) => {
            let lines: Vec<_> = whole
                .split(|byte| *byte == b'\n')
                .filter(|line| !line.is_empty())
                .map(<[u8]>::to_vec)
                .collect();
            stream::iter(lines.into_iter().map(Ok).collect::<Vec<_>>())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::docker::{Chunk, Source};

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
            chunk(Source::Stdout, "lo\nwor"),
            chunk(Source::Stdout, "ld"),
        ])
        .boxed();
        let runtime = crate::platform::runtime().expect("a runtime");
        let lines: Vec<Vec<u8>> = runtime.block_on(lines(chunks).map(|line| line.expect("a line")).collect());
        assert_eq!(lines, [b"oops".to_vec(), b"hello".to_vec(), b"world".to_vec()]);
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

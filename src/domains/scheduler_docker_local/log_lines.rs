//! What containers write, line by line, each line with its container's colour
//! (contract: output.md section 5, logs).

use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};

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

/// Prints the logs of containers, given as id and the name shown. Followed ones are mixed as they come, others
/// stand one after the other.
///
/// # Errors
/// When the engine cannot be asked.
pub async fn print(ctx: &Ctx, containers: &[(String, String)], wanted: Wanted) -> Result {
    let logs = Logs {
        tail: Some(u64::from(wanted.num)),
        follow: wanted.tail,
        timestamps: !wanted.quiet,
        ..Logs::default()
    };
    let mut sources = Vec::new();
    for (number, (id, name)) in containers.iter().enumerate() {
        let chunks = ctx.platform.docker.container_logs(id, &logs).await?;
        let color = COLORS[number % COLORS.len()];
        let name = name.clone();
        let paint = move |line: &[u8]| if wanted.quiet { ended(line) } else { painted(line, color, &name) };
        sources.push(lines(chunks).map(move |line| line.map(|line| paint(&line))).boxed());
    }
    let mut all: BoxStream<DockerResult<Vec<u8>>> = if wanted.tail {
        stream::select_all(sources).boxed()
    } else {
        stream::iter(sources).flatten().boxed()
    };
    while let Some(line) = all.next().await {
        if ctx.out.raw(Stream::Stdout, &line?).is_err() {
            // Nobody reads any more.
            return Ok(());
        }
    }
    Ok(())
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
    let Some(end) = line.windows(2).position(|two| two == b"Z ") else { return ended(line) };
    let (time, message) = line.split_at(end + 2);
    let mut painted = format!("\x1b[{color}m").into_bytes();
    painted.extend_from_slice(time);
    painted.extend_from_slice(format!("app[{name}]:\x1b[0m ").as_bytes());
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
}

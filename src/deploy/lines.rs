//! What a container writes, as whole lines.

use futures_util::StreamExt;

use crate::kernel::Result;
use crate::platform::docker::{ChunkStream, Source};

/// Passes on the lines of both streams as they come, without line ends.
///
/// # Errors
/// When the connection to the engine breaks.
pub async fn pass_on(mut chunks: ChunkStream, print: impl Fn(Source, &str)) -> Result {
    let mut held = [Vec::new(), Vec::new()];
    let print = |source: Source, line: &[u8]| {
        let line = String::from_utf8_lossy(line);
        print(source, line.trim_end_matches(['\r', '\n']));
    };
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        let held = &mut held[chunk.source as usize];
        held.extend_from_slice(&chunk.bytes);
        while let Some(end) = held.iter().position(|byte| *byte == b'\n') {
            let rest = held.split_off(end + 1);
            print(chunk.source, &std::mem::replace(held, rest));
        }
    }
    for source in [Source::Stdout, Source::Stderr] {
        let rest = std::mem::take(&mut held[source as usize]);
        if !rest.is_empty() {
            print(source, &rest);
        }
    }
    Ok(())
}

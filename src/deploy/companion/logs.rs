//! What a companion itself wrote.

use futures_util::StreamExt;

use crate::kernel::{Ctx, Failure, Result, Stream};
use crate::platform::docker::{Logs, Source};

use super::find;

/// How many lines of a companion that fell over are shown.
const LAST: u64 = 10;

/// Prints so many lines of the companion's output, and goes on if that is wanted; `start` is the command that makes it.
///
/// # Errors
/// When there is none.
pub async fn print_logs(ctx: &Ctx, companion: &str, wanted: &Logs, start: &str) -> Result {
    let Some(container) = find(ctx, companion).await? else {
        return Err(Failure::user(format!("There is no container of {companion}"))
            .hint(format!("`dokku {start}` makes one")));
    };
    let mut chunks = ctx.platform.docker.container_logs(&container.id, wanted).await?;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        let stream = match chunk.source {
            Source::Stdout => Stream::Stdout,
            Source::Stderr => Stream::Stderr,
        };
        if ctx.out.raw(stream, &chunk.bytes).is_err() {
            // Nobody reads any more.
            break;
        }
    }
    Ok(())
}

/// The last lines that a container wrote.
///
/// # Errors
/// When the engine does not tell.
pub(super) async fn last_words(ctx: &Ctx, id: &str) -> Result<String> {
    let mut chunks =
        ctx.platform.docker.container_logs(id, &Logs { tail: Some(LAST), ..Logs::default() }).await?;
    let mut bytes = Vec::new();
    while let Some(chunk) = chunks.next().await {
        bytes.extend_from_slice(&chunk?.bytes);
    }
    Ok(String::from_utf8_lossy(&bytes).trim_end().to_owned())
}

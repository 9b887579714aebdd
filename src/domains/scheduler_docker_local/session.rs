//! A user at a container: what is typed goes in, what it writes comes out, until it ends.

use std::future::pending;

use futures_util::StreamExt;
use tokio::io::AsyncWriteExt;

use crate::kernel::{Ctx, Result, Stream};
use crate::platform::docker::{Attach, Attached, Size, Source, Until};
use crate::platform::{signals, terminal};

/// What the user is connected to.
#[derive(Clone, Debug)]
pub enum Inside {
    /// A container of its own, by id: signals go to it.
    Container(String),
    /// A program in a container that goes on without it, by the id of the call.
    Exec(String),
}

/// True when the command is to have a terminal (contract: output.md section 3).
pub fn wants_terminal(ctx: &Ctx) -> bool {
    if ctx.env.get("DOKKU_FORCE_TTY") == Some("true") {
        return true;
    }
    ctx.env.get("DOKKU_DISABLE_TTY") != Some("true") && ctx.platform.stdin.is_terminal()
}

/// Starts a container and stays with it to its end; its exit status. `begun` is called once it runs.
///
/// # Errors
/// When it cannot be started, or the engine breaks off.
pub async fn attend(ctx: &Ctx, id: &str, has_terminal: bool, begun: impl FnOnce()) -> Result<i64> {
    let docker = &ctx.platform.docker;
    // Both before the start, so that nothing is missed.
    let attached = docker.attach_container(id, Attach { stdin: true, logs: false }).await?;
    let ended = docker.wait_container(id, Until::NextExit).await?;
    docker.start_container(id).await?;
    begun();
    carry(ctx, &Inside::Container(id.to_owned()), attached, has_terminal).await?;
    Ok(ended.await?)
}

/// Carries input and output until the output ends.
///
/// # Errors
/// When the engine breaks off, or nobody reads any more.
pub async fn carry(ctx: &Ctx, inside: &Inside, attached: Attached, has_terminal: bool) -> Result {
    let is_real = has_terminal && ctx.platform.stdin.is_terminal();
    let _raw = is_real.then(terminal::Raw::enter).transpose()?;
    let Attached { mut output, mut input } = attached;
    let show = async {
        while let Some(chunk) = output.next().await {
            let chunk = chunk?;
            let stream = match chunk.source {
                Source::Stdout => Stream::Stdout,
                Source::Stderr => Stream::Stderr,
            };
            if ctx.out.raw(stream, &chunk.bytes).is_err() {
                break;
            }
        }
        Ok(())
    };
    let feed = async {
        let mut typed = ctx.platform.stdin.pieces();
        while let Some(bytes) = typed.next().await {
            if input.write_all(&bytes).await.is_err() || input.flush().await.is_err() {
                break;
            }
        }
        // The container may go on without input; its end alone ends this.
        let _ = input.shutdown().await;
        pending::<()>().await;
    };
    tokio::select! {
        shown = show => shown,
        () = feed => Ok(()),
        resized = follow_size(ctx, inside, is_real) => resized,
        passed = pass_signals(ctx, inside) => passed,
    }
}

async fn follow_size(ctx: &Ctx, inside: &Inside, is_real: bool) -> Result {
    if !is_real {
        return pending().await;
    }
    let mut resizes = terminal::Resizes::listen()?;
    let mut size = terminal::size();
    loop {
        if let Some(size) = size {
            resize(ctx, inside, size).await;
        }
        size = resizes.next().await;
    }
}

async fn resize(ctx: &Ctx, inside: &Inside, size: Size) {
    // A wrong size is no reason to end the session.
    let _ = match inside {
        Inside::Container(id) => ctx.platform.docker.resize_container(id, size).await,
        Inside::Exec(id) => ctx.platform.docker.resize_exec(id, size).await,
    };
}

/// A container of its own gets the signals that this command gets, and decides itself what they mean.
async fn pass_signals(ctx: &Ctx, inside: &Inside) -> Result {
    let Inside::Container(id) = inside else { return pending().await };
    let mut asked = signals::Asked::listen()?;
    loop {
        let name = asked.next().await;
        // It may have ended in this moment.
        let _ = ctx.platform.docker.kill_container(id, name).await;
    }
}

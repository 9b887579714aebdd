//! Being told to stop.

use tokio::signal::unix::{SignalKind, signal};

use crate::model::{Context, Outcome};

/// Waits for SIGTERM or SIGINT.
///
/// # Errors
/// When the kernel does not let signals be taken.
pub async fn requested() -> Outcome {
    let what = || "cannot take signals";
    let mut terminate = signal(SignalKind::terminate()).context(what)?;
    let mut interrupt = signal(SignalKind::interrupt()).context(what)?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

//! How a program in a container ended.

use std::time::Duration;

use super::{Docker, DockerResult};

/// The pause between two looks: at first, and at most.
const PAUSE: (Duration, Duration) = (Duration::from_millis(2), Duration::from_millis(200));

/// The status of a program whose output has ended. The engine may know of its end a moment later, and a program may close
/// its output and go on.
///
/// # Errors
/// When the engine cannot be asked.
pub async fn exec_end(docker: &dyn Docker, exec: &str) -> DockerResult<i64> {
    let mut pause = PAUSE.0;
    loop {
        if let Some(status) = docker.exec_status(exec).await? {
            return Ok(status);
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(PAUSE.1);
    }
}

//! All sessions together: how many there are, and the end of all.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

/// The running sessions.
#[derive(Clone, Debug)]
pub struct Sessions {
    count: Arc<watch::Sender<usize>>,
    end: Arc<watch::Sender<bool>>,
}

impl Default for Sessions {
    fn default() -> Self {
        Sessions { count: Arc::new(watch::Sender::new(0)), end: Arc::new(watch::Sender::new(false)) }
    }
}

/// One running session. It is over when this is dropped.
#[derive(Debug)]
pub struct Session(Sessions);

impl Sessions {
    /// One more.
    pub fn enter(&self) -> Session {
        self.count.send_modify(|count| *count += 1);
        Session(self.clone())
    }

    /// Waits until all sessions are told to end.
    pub async fn ending(&self) {
        // The sender lives as long as `self`.
        let _ = self.end.subscribe().wait_for(|ending| *ending).await;
    }

    /// Tells all sessions to end, and waits for them, but not longer than this.
    pub async fn end(&self, time: Duration) {
        self.end.send_replace(true);
        let mut count = self.count.subscribe();
        // Those that take longer are left to the end of the container.
        let _ = tokio::time::timeout(time, count.wait_for(|count| *count == 0)).await;
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.0.count.send_modify(|count| *count -= 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_end_waits_for_sessions_but_not_for_ever() {
        let sessions = Sessions::default();
        let session = sessions.enter();
        let _stubborn = sessions.clone();
        let waiting = tokio::spawn({
            let sessions = sessions.clone();
            async move {
                sessions.ending().await;
                drop(session);
            }
        });
        sessions.end(Duration::from_secs(10)).await;
        waiting.await.unwrap();
        let _late = sessions.enter();
        sessions.end(Duration::from_millis(10)).await;
    }
}

//! Standing in line, and telling the client how far we are.

use std::time::Duration;

use crate::kernel::{Ctx, Result};
use crate::platform::queue::Place;
use tokio::time::{Instant, sleep};

/// How often a client is told its place.
const TOLD_EVERY: Duration = Duration::from_secs(5);
/// How often the next one looks whether it is its turn. A look costs a folder and a lock.
const NEXT: Duration = Duration::from_millis(50);
/// How often the others look.
const LATER: Duration = Duration::from_millis(500);

/// A line in which this process stands.
pub struct Line<'a> {
    /// Where it stands.
    pub place: &'a Place,
    /// How many may go on at once; asked anew each time.
    pub most: &'a (dyn Fn() -> Result<usize> + Sync),
    /// What is said at first, to who stand before us.
    pub first: &'a (dyn Fn(&[String]) -> String + Sync),
    /// Whose line it is, as it stands behind `Place 3 in the queue `.
    pub name: &'a str,
}

/// Waits until fewer stand before us than may go on at once. Says so at the start and every five seconds.
///
/// # Errors
/// When the line cannot be read.
pub async fn wait_in_line(ctx: &Ctx, line: &Line<'_>) -> Result {
    let mut told: Option<Instant> = None;
    loop {
        let before = line.place.before()?;
        let Some(ahead) = before.len().checked_sub((line.most)()?) else { return Ok(()) };
        match told {
            None => {
                ctx.out.step((line.first)(&before));
                told = Some(Instant::now());
                if ahead > 0 {
                    ctx.out.detail(place(ahead, line.name));
                }
            }
            Some(last) if last.elapsed() >= TOLD_EVERY => {
                told = Some(Instant::now());
                ctx.out.detail(place(ahead, line.name));
            }
            Some(_) => {}
        }
        sleep(if ahead == 0 { NEXT } else { LATER }).await;
    }
}

fn place(ahead: usize, name: &str) -> String {
    format!("Place {} in the queue {name}", ahead + 1)
}

use std::path::Path;

use super::json;
use crate::kernel::{Command, Ctx, Gate, Result, Stream};
use crate::platform::follow::{Follower, last_lines};

/// How many lines are shown.
const LINES: usize = 100;

/// Show the last events
///
/// A line says that a trigger was fired, with its arguments and who called; another how it ended: the status, how many
/// listened, and for how many milliseconds. Values of variables are hidden. Prints nothing when nothing was logged yet.
#[derive(clap::Args)]
pub struct Show {
    /// Follow the log
    #[arg(short = 't', long = "tail")]
    tail: bool,
    /// `json`: an object a line
    #[arg(long, default_value = "stdout", value_parser = ["stdout", "json"])]
    format: String,
}

impl Command for Show {
    const NAME: &'static str = "events";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let path = ctx.layout().events_log();
        let is_json = self.format == "json";
        if self.tail {
            return follow(ctx, &path, is_json).await;
        }
        let mut lines = Lines { is_json, rest: Vec::new() };
        // Whoever reads may have seen enough.
        let _ = ctx.out.raw(Stream::Stdout, &lines.of(ctx, &last_lines(&path, LINES)?));
        Ok(())
    }
}

async fn follow(ctx: &Ctx, path: &Path, is_json: bool) -> Result {
    let mut follower = Follower::from_end(path, 10)?;
    let mut lines = Lines { is_json, rest: Vec::new() };
    loop {
        let bytes = lines.of(ctx, &follower.next().await?);
        if !bytes.is_empty() && ctx.out.raw(Stream::Stdout, &bytes).is_err() {
            return Ok(());
        }
    }
}

/// The log as it is, or its whole lines as objects.
struct Lines {
    is_json: bool,
    /// The beginning of a line whose end is not there yet.
    rest: Vec<u8>,
}

impl Lines {
    fn of(&mut self, ctx: &Ctx, bytes: &[u8]) -> Vec<u8> {
        if !self.is_json {
            return bytes.to_vec();
        }
        self.rest.extend_from_slice(bytes);
        let end = self.rest.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let whole: Vec<u8> = self.rest.drain(..end).collect();
        let now = ctx.platform.clock.now();
        let lines = String::from_utf8_lossy(&whole).into_owned();
        let objects: Vec<String> = lines.lines().filter_map(|text| json::line(text, now)).collect();
        objects.iter().flat_map(|object| [object.as_bytes(), b"\n"].concat()).collect()
    }
}

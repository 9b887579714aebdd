//! Writing down how a task runs, while it prints as it would anyway.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use crate::kernel::{Ctx, Kind, Result, Sink, Stream};
use crate::model::AppName;
use crate::platform::process_mark::ProcessMark;
use crate::store::builds::new_id;
use crate::store::cron_runs::{self, OUTPUT, Run};
use crate::triggers;

use super::tasks::Task;

/// Writes down one run.
pub struct Recorder {
    app: AppName,
    run: Run,
    tee: Arc<Tee>,
}

impl Recorder {
    /// Writes down that a run begins. A task runs whether or not that can be written.
    pub fn begin(ctx: &Ctx, app: &AppName, task: &Task, is_detached: bool) -> Self {
        let run = Run {
            id: new_id(&ctx.platform),
            cron_id: task.id.clone(),
            command: task.command.clone(),
            schedule: task.schedule_text.clone(),
            started_at: ctx.platform.clock.now(),
            finished_at: None,
            exit_code: None,
            is_detached,
            is_skipped: false,
            process: ProcessMark::own().to_string(),
            output: String::new(),
        };
        let recorder = Recorder {
            app: app.clone(),
            run,
            tee: Arc::new(Tee { to: ctx.out.sink(), end: Mutex::default() }),
        };
        recorder.save(ctx);
        recorder
    }

    /// Where the task is to print.
    pub fn sink(&self) -> Arc<dyn Sink> {
        Arc::<Tee>::clone(&self.tee)
    }

    /// Writes down how it ended, and tells whoever wants to know when that was not well.
    pub async fn end(mut self, ctx: &Ctx, outcome: &Result) {
        self.run.finished_at = Some(ctx.platform.clock.now());
        self.run.output = self.tee.text();
        let exit_code = outcome.as_ref().err().map_or(0, |failure| i32::from(failure.status()));
        self.run.is_skipped = outcome.as_ref().is_err_and(|failure| failure.kind == Kind::Skipped);
        self.run.exit_code = (!self.run.is_skipped).then_some(exit_code);
        if let Err(failure) = outcome
            && !failure.message.is_empty()
        {
            self.run.output += &format!(" !     {}\n", failure.message);
        }
        self.save(ctx);
        if let Err(fault) = cron_runs::prune(ctx.layout(), &self.app) {
            ctx.out.warn(fault.to_string());
        }
        if outcome.is_err() && !self.run.is_skipped {
            self.tell(ctx, exit_code).await;
        }
    }

    fn save(&self, ctx: &Ctx) {
        if let Err(fault) = cron_runs::save(ctx.layout(), &self.app, &self.run) {
            ctx.out.warn(format!("this run is not written down: {fault}"));
        }
    }

    async fn tell(&self, ctx: &Ctx, exit_code: i32) {
        let failed = triggers::CronTaskFailed {
            app: self.app.clone(),
            cron_id: self.run.cron_id.clone(),
            run: self.run.id.clone(),
            exit_code: exit_code.to_string(),
        };
        // The task's own end is what this command is to tell; who fails to hear of it is told beside.
        // Standard output is the task's.
        if let Err(failure) = ctx.silenced().fire(failed).await {
            failure.print(&ctx.out);
        }
    }
}

/// Keeps the end of what is printed.
struct Tee {
    to: Arc<dyn Sink>,
    end: Mutex<Vec<u8>>,
}

impl Tee {
    fn text(&self) -> String {
        let end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        let from = end.len().saturating_sub(OUTPUT);
        String::from_utf8_lossy(end.get(from..).unwrap_or_default()).into_owned()
    }
}

impl Sink for Tee {
    fn write(&self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        {
            let mut end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
            end.extend_from_slice(bytes);
            // Seldom moved, as it may grow to twice of what is kept.
            if end.len() > 2 * OUTPUT {
                let surplus = end.len() - OUTPUT;
                end.drain(..surplus);
            }
        }
        self.to.write(stream, bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Buffers;

    #[test]
    fn only_the_end_of_long_output_is_kept() {
        let tee = Tee { to: Arc::new(Buffers::default()), end: Mutex::default() };
        for number in 0..30_000 {
            tee.write(Stream::Stdout, format!("line {number}\n").as_bytes()).expect("somebody reads");
        }
        let text = tee.text();
        assert!(text.len() <= OUTPUT && text.ends_with("line 29999\n"), "{}", text.len());
    }
}

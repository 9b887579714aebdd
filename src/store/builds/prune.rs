//! How long records are kept.

use jiff::Timestamp;

use super::records::{locked, record_path};
use super::{End, NO_STATUS, Status, all, finish, log_path};
use crate::model::{AppName, Outcome, Scope};
use crate::platform::files;
use crate::store::{Layout, properties};

/// How many finished records an app keeps unless the property `retention` says otherwise.
pub const RETENTION: usize = 20;

/// How many finished records the app keeps: its own property, else the global one, else [`RETENTION`]. Values that are no number count as none.
///
/// # Errors
/// When the properties cannot be read.
pub fn retention(layout: &Layout, app: &AppName) -> Outcome<usize> {
    for scope in [Scope::from(app), Scope::Global] {
        let text = properties::get(layout, "builds", &scope, "retention")?.unwrap_or_default();
        if let Some(number) = text.parse().ok().filter(|number| *number >= 1) {
            return Ok(number);
        }
    }
    Ok(RETENTION)
}

/// Marks records whose process is gone as failed, then deletes finished ones beyond the retention, with their logs. What runs stays.
///
/// # Errors
/// When a record cannot be read, written or removed.
pub fn prune(layout: &Layout, app: &AppName, now: Timestamp) -> Outcome {
    for record in all(layout, app)?.iter().filter(|record| record.shown_status() == Status::Abandoned) {
        let cause = Some("its process is gone".to_owned());
        let end = End { status: Status::Failed, exit_code: NO_STATUS, cause };
        finish(layout, app, &record.id, end, now)?;
    }
    let _lock = locked(layout, app)?;
    let finished = all(layout, app)?.into_iter().filter(|record| record.status != Status::Running);
    for record in finished.skip(retention(layout, app)?) {
        files::remove(&record_path(layout, app, &record.id))?;
        files::remove(&log_path(layout, app, &record.id))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::records::tests::{at, begin, server};
    use super::super::{Record, start};
    use super::*;

    #[test]
    fn pruning_keeps_what_runs_and_the_newest_of_the_rest() {
        let (_folder, layout, app) = server();
        properties::set(&layout, "builds", &Scope::from(&app), "retention", "2").expect("writable");
        for number in 0..5 {
            begin(&layout, &app, &format!("done{number}"), number);
            finish(&layout, &app, &format!("done{number}"), End::with(1), at(number)).expect("writable");
            files::write(&log_path(&layout, &app, &format!("done{number}")), b"log", 0o644)
                .expect("writable");
        }
        begin(&layout, &app, "alive", 0);
        let gone = Record { pid_start_time: Some(1), ..begin(&layout, &app, "gone", 9) };
        start(&layout, &app, &gone).expect("writable");
        prune(&layout, &app, at(100)).expect("writable");

        let left: Vec<String> = all(&layout, &app)
            .expect("readable")
            .iter()
            .map(|record| format!("{} {}", record.id, record.shown_status()))
            .collect();
        assert_eq!(left, ["gone failed", "done4 failed", "alive running"]);
        let logs = files::names(&layout.builds(&app)).expect("readable");
        assert_eq!(logs.iter().filter(|name| name.ends_with(".log")).count(), 1);
    }
}

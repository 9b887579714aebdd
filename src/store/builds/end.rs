//! Builds that run now, and what ends them early. Whatever is decided here is decided under the lock of the app's
//! records: of a cancel, a newer push and the switch to the new release, the first one counts.

use jiff::Timestamp;

use super::records::{locked, write};
use super::{End, NO_STATUS, Record, Status, WaitsFor, all, load};
use crate::model::{AppName, Outcome};
use crate::platform::lock;
use crate::store::Layout;

/// The id of the build that holds the app's deploy lock now, if one does.
///
/// # Errors
/// When the lock file cannot be read.
pub fn current(layout: &Layout, app: &AppName) -> Outcome<Option<String>> {
    lock::holder(&layout.deploy_queue(app))
}

/// What came of the wish to end a build.
#[derive(Clone, Debug, PartialEq)]
pub enum Halted {
    /// There is no such build.
    Unknown,
    /// It is final already.
    Final(Status),
    /// It has come too far: the new release serves.
    TooLate,
    /// It is final now. Its process, which this record names, has yet to notice.
    Ended(Box<Record>),
}

/// Ends the record of a build that runs, unless it is too late for that.
///
/// # Errors
/// When the record cannot be read or written.
pub fn halt(
    layout: &Layout,
    app: &AppName,
    id: &str,
    (end, now): (End, Timestamp),
    is_too_late: impl FnOnce() -> bool,
) -> Outcome<Halted> {
    let _lock = locked(layout, app)?;
    let Some(mut record) = load(layout, app, id)? else { return Ok(Halted::Unknown) };
    if record.status != Status::Running {
        return Ok(Halted::Final(record.status));
    }
    if is_too_late() {
        return Ok(Halted::TooLate);
    }
    let process = record.clone();
    record.end(end, now);
    write(layout, app, &record)?;
    Ok(Halted::Ended(Box::new(process)))
}

/// Ends pushes of the same reference that still wait for their turn, for the one of this id takes their place.
///
/// # Errors
/// When a record cannot be read or written.
pub fn supersede(layout: &Layout, app: &AppName, by: &Record, now: Timestamp) -> Outcome {
    if by.reference.is_none() {
        return Ok(());
    }
    let _lock = locked(layout, app)?;
    for mut older in all(layout, app)? {
        let is_same = older.id != by.id && older.reference == by.reference;
        if is_same && older.waits_for == Some(WaitsFor::Turn) && older.is_running() {
            let cause = Some(format!("superseded by build {}", by.id));
            older.end(End { status: Status::Canceled, exit_code: NO_STATUS, cause }, now);
            write(layout, app, &older)?;
        }
    }
    Ok(())
}

/// Does what must not happen once the build was ended by somebody else. Tells whether it was done. A build without a
/// record was ended by nobody.
///
/// # Errors
/// When the record cannot be read, or what is done fails.
pub fn while_running(
    layout: &Layout,
    app: &AppName,
    id: &str,
    act: impl FnOnce() -> Outcome,
) -> Outcome<bool> {
    let _lock = locked(layout, app)?;
    let is_ended = load(layout, app, id)?.is_some_and(|record| record.status != Status::Running);
    if !is_ended {
        act()?;
    }
    Ok(!is_ended)
}

/// Changes the record of a build that runs. Tells whether it does; one that is final stays as it is.
///
/// # Errors
/// When the record cannot be read or written.
pub fn change(layout: &Layout, app: &AppName, id: &str, act: impl FnOnce(&mut Record)) -> Outcome<bool> {
    let _lock = locked(layout, app)?;
    let Some(mut record) = load(layout, app, id)?.filter(|record| record.status == Status::Running) else {
        return Ok(false);
    };
    act(&mut record);
    write(layout, app, &record)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::super::records::tests::{at, begin, server};
    use super::super::{finish, start};
    use super::*;

    fn push(
        layout: &Layout,
        app: &AppName,
        id: &str,
        reference: &str,
        waits_for: Option<WaitsFor>,
    ) -> Record {
        let record = Record { reference: Some(reference.to_owned()), waits_for, ..begin(layout, app, id, 0) };
        start(layout, app, &record).expect("writable");
        record
    }

    #[test]
    fn a_newer_push_takes_the_place_of_those_of_its_reference_that_wait_for_the_turn() {
        let (_folder, layout, app) = server();
        push(&layout, &app, "runs", "refs/heads/main", None);
        push(&layout, &app, "builds", "refs/heads/main", Some(WaitsFor::BuildSlot));
        push(&layout, &app, "other", "refs/heads/next", Some(WaitsFor::Turn));
        push(&layout, &app, "older", "refs/heads/main", Some(WaitsFor::Turn));
        let redeploy = Record { waits_for: Some(WaitsFor::Turn), ..begin(&layout, &app, "config", 0) };
        start(&layout, &app, &redeploy).expect("writable");
        let newest = push(&layout, &app, "newest", "refs/heads/main", Some(WaitsFor::Turn));
        supersede(&layout, &app, &newest, at(5)).expect("writable");
        let mut ended: Vec<_> = all(&layout, &app).expect("readable");
        ended.retain(|record| record.status != Status::Running);
        let [older] = ended.as_slice() else { panic!("{ended:?}") };
        assert_eq!((older.id.as_str(), older.status), ("older", Status::Canceled));
        assert_eq!(older.cause.as_deref(), Some("superseded by build newest"));
        assert_eq!(older.waits_for, None);
    }

    #[test]
    fn of_cancel_and_switch_the_first_one_counts() {
        let (_folder, layout, app) = server();
        let end = || (End { status: Status::Canceled, exit_code: NO_STATUS, cause: None }, at(3));
        begin(&layout, &app, "a1", 0);
        assert_eq!(halt(&layout, &app, "a1", end(), || true).expect("readable"), Halted::TooLate);
        assert!(while_running(&layout, &app, "a1", || Ok(())).expect("readable"));
        assert!(matches!(halt(&layout, &app, "a1", end(), || false).expect("writable"), Halted::Ended(_)));
        let forbidden = || panic!("it was canceled");
        assert!(!while_running(&layout, &app, "a1", forbidden).expect("readable"));
        assert!(!change(&layout, &app, "a1", |record| record.disk_growth = Some(1)).expect("readable"));
        let again = halt(&layout, &app, "a1", end(), || false).expect("readable");
        assert_eq!(again, Halted::Final(Status::Canceled));
        assert_eq!(halt(&layout, &app, "zz", end(), || false).expect("readable"), Halted::Unknown);
        let kept = finish(&layout, &app, "a1", End::with(0), at(9)).expect("readable").expect("there");
        assert_eq!(kept.status, Status::Canceled);
    }
}

//! Events for programs: one JSON object a line.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::json;

use crate::model::event::Event;

/// The line of an event; `None` for a line that is none. `now` tells the year, which the log leaves out.
pub fn line(text: &str, now: Timestamp) -> Option<String> {
    let event = Event::parse(text)?;
    let time = timestamp(&event.time, now).map_or_else(|| event.time.clone(), |time| time.to_string());
    let mut object = json!({
        "time": time,
        "event": if event.end.is_some() { "ended" } else { "invoked" },
        "trigger": event.trigger,
        "arguments": event.arguments,
        "name": event.name,
        "fingerprint": event.fingerprint,
        "host": event.host,
        "pid": event.pid,
        "dokku-pid": event.dokku_pid.parse::<u32>().ok(),
    });
    if let (Some(end), Some(object)) = (event.end, object.as_object_mut()) {
        object.insert("status".to_owned(), json!(end.status));
        object.insert("listeners".to_owned(), json!(end.listeners));
        object.insert("milliseconds".to_owned(), json!(u64::try_from(end.milliseconds).unwrap_or(u64::MAX)));
    }
    Some(object.to_string())
}

/// `Jan  2 03:04:05` of the year that makes it the youngest past. Written in UTC, as all of the container's time is.
fn timestamp(text: &str, now: Timestamp) -> Option<Timestamp> {
    let year = now.to_zoned(TimeZone::UTC).year();
    let of = |year: i16| {
        let text = format!("{year} {text}");
        let read = DateTime::strptime("%Y %b %e %H:%M:%S", &text).ok()?;
        Some(read.to_zoned(TimeZone::UTC).ok()?.timestamp())
    };
    of(year).filter(|time| *time <= now).or_else(|| of(year - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "Jan  2 03:04:05 box dokku-event[7]: ENDED: app-list( 'two words' ) NAME=ann FINGERPRINT= DOKKU_PID=5 \
         STATUS=4 LISTENERS=2 MS=31";

    #[test]
    fn an_event_is_an_object() {
        let now: Timestamp = "2026-06-01T00:00:00Z".parse().expect("a time");
        let object: serde_json::Value =
            serde_json::from_str(&line(LINE, now).expect("an event")).expect("JSON");
        assert_eq!(object["time"], "2026-01-02T03:04:05Z");
        assert_eq!(object["arguments"], json!(["two words"]));
        assert_eq!((&object["event"], &object["status"]), (&json!("ended"), &json!(4)));
        assert_eq!((&object["listeners"], &object["dokku-pid"]), (&json!(2), &json!(5)));
        assert_eq!(line("something else", now), None);
    }

    #[test]
    fn what_would_be_to_come_was_last_year() {
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a time");
        assert_eq!(
            timestamp("Dec 31 23:00:00", now).map(|time| time.to_string()).as_deref(),
            Some("2025-12-31T23:00:00Z")
        );
    }
}

//! When a task by the clock is due: five fields, or a word such as `@daily`, with a time zone before them where one is
//! wanted: `CRON_TZ=Europe/Berlin 30 2 * * *`.

mod duration;
mod field;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use self::field::{Field, Kind, Sunday};
use super::{Fault, Outcome};

/// A schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    zone: Option<String>,
    text: String,
    when: When,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum When {
    Fields(Box<Fields>),
    /// All so many seconds, counted from the epoch, so that a restart changes nothing.
    Every(i64),
    /// When the machine starts.
    Start,
}

impl Schedule {
    /// Reads one as app.json may have it: in the words, and with the limits, of the library that Dokku reads it with
    /// (robfig/cron v3, five fields and descriptors).
    ///
    /// # Errors
    /// What that library refuses, in its words. Whether there is such a time zone is not looked at.
    pub fn parse(text: &str) -> Outcome<Self> {
        if text.is_empty() {
            return Err(Fault::new("empty spec string"));
        }
        let (zone, text) = split_zone(text)?;
        Ok(Schedule { zone, when: when(text, Sunday::Zero)?, text: text.to_owned() })
    }

    /// Reads one as a crontab may have it: Sunday is 0 and 7, and `@reboot` is a time too.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse_crontab(text: &str) -> Outcome<Self> {
        if text == "@reboot" {
            return Ok(Schedule { zone: None, text: text.to_owned(), when: When::Start });
        }
        let (zone, text) = split_zone(text)?;
        Ok(Schedule { zone, when: when(text, Sunday::ZeroAndSeven)?, text: text.to_owned() })
    }

    /// The time zone it names, if it names one.
    pub fn zone(&self) -> Option<&str> {
        self.zone.as_deref()
    }

    /// What is left without its time zone: what a crontab has in a line.
    pub fn without_zone(&self) -> &str {
        &self.text
    }

    /// True when it is due at a start of the machine.
    pub fn is_at_start(&self) -> bool {
        self.when == When::Start
    }

    /// True when it is due in the minute that begins at that time.
    ///
    /// Where clocks are put forward, what is skipped is due right after; where they are put back, what comes twice is due
    /// the first time. What runs in every hour goes by the time that passes.
    pub fn is_due(&self, minute: Timestamp, zone: &TimeZone) -> bool {
        match &self.when {
            When::Start => false,
            When::Every(seconds) => {
                let now = minute.as_second();
                now.div_euclid(*seconds) != (now - 60).div_euclid(*seconds)
            }
            When::Fields(fields) => fields.is_due(minute, zone),
        }
    }
}

fn split_zone(text: &str) -> Outcome<(Option<String>, &str)> {
    let Some(rest) = text.strip_prefix("TZ=").or_else(|| text.strip_prefix("CRON_TZ=")) else {
        return Ok((None, text));
    };
    match rest.split_once(' ') {
        Some((zone, rest)) => Ok((Some(zone.to_owned()), rest.trim())),
        None => Err(Fault::new(format!("a time zone and no time: {text}"))),
    }
}

fn when(text: &str, sunday: Sunday) -> Outcome<When> {
    let fields = match text {
        "@yearly" | "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" | "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        _ => match text.strip_prefix("@every ") {
            Some(duration) => return duration::seconds(duration).map(When::Every),
            None if text.starts_with('@') => {
                return Err(Fault::new(format!("unrecognized descriptor: {text}")));
            }
            None => text,
        },
    };
    Fields::parse(fields, sunday).map(|fields| When::Fields(Box::new(fields)))
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Fields {
    minute: Field,
    hour: Field,
    day: Field,
    month: Field,
    weekday: Field,
}

impl Fields {
    fn parse(text: &str, sunday: Sunday) -> Outcome<Self> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let [minute, hour, day, month, weekday] = words.as_slice() else {
            let (count, list) = (words.len(), words.join(" "));
            return Err(Fault::new(format!("expected exactly 5 fields, found {count}: [{list}]")));
        };
        Ok(Fields {
            minute: Field::parse(minute, &Kind::MINUTE)?,
            hour: Field::parse(hour, &Kind::HOUR)?,
            day: Field::parse(day, &Kind::DAY)?,
            month: Field::parse(month, &Kind::MONTH)?,
            weekday: Field::parse_weekday(weekday, sunday)?,
        })
    }

    /// Of day and weekday both must fit, or one of the two when neither begins with a star: as cron does it.
    fn fits(&self, at: DateTime) -> bool {
        let day = self.day.has(at.day());
        let weekday = self.weekday.has(at.weekday().to_sunday_zero_offset());
        let fits_day =
            if self.day.has_star || self.weekday.has_star { day && weekday } else { day || weekday };
        fits_day && self.minute.has(at.minute()) && self.hour.has(at.hour()) && self.month.has(at.month())
    }

    fn is_due(&self, minute: Timestamp, zone: &TimeZone) -> bool {
        let local = |at: Timestamp| zone.to_datetime(at);
        let at = local(minute);
        if self.hour.has_star {
            return self.fits(at);
        }
        if self.fits(at) {
            let first = zone.to_ambiguous_timestamp(at).earlier();
            return first.map_or(true, |first| first == minute);
        }
        // Usually there is nothing between the minute before and this one.
        let next = |at: DateTime| at.checked_add(SignedDuration::from_mins(1)).ok();
        let before = minute.checked_sub(SignedDuration::from_mins(1)).ok().map(local);
        let mut skipped = before.and_then(next);
        while let Some(one) = skipped.filter(|one| *one < at) {
            if self.fits(one) {
                return true;
            }
            skipped = next(one);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn refused(text: &str) -> String {
        Schedule::parse(text).expect_err(text).message
    }

    fn due(schedule: &str, time: &str) -> bool {
        Schedule::parse(schedule).expect(schedule).is_due(at(time), &TimeZone::UTC)
    }

    #[test]
    fn five_fields_say_when() {
        // A Friday.
        let time = "2026-01-02T03:04:00Z";
        for schedule in [
            "* * * * *",
            "4 3 2 1 *",
            "4 3 * jan FRI",
            "*/2 1-5 * * *",
            "0-10/4 3,9 ? * *",
            "4/10 * 2 * 1",
            "4 3 9 * 5",
        ] {
            assert!(due(schedule, time), "{schedule}");
        }
        for schedule in
            ["5 * * * *", "*/3 * * * *", "4 3 9 * *", "4 3 * * 1", "4 3 9 * 1", "4 3 * feb *", "4 3 */2 * 5"]
        {
            assert!(!due(schedule, time), "{schedule}");
        }
    }

    #[test]
    fn words_say_it_too() {
        assert!(due("@daily", "2026-01-02T00:00:00Z") && !due("@daily", "2026-01-02T01:00:00Z"));
        assert!(due("@hourly", "2026-01-02T05:00:00Z"));
        assert!(due("@weekly", "2026-01-04T00:00:00Z"));
        assert!(due("@yearly", "2026-01-01T00:00:00Z"));
        let runs =
            (0..60).filter(|minute| due("@every 15m", &format!("2026-01-02T05:{minute:02}:00Z"))).count();
        assert_eq!(runs, 4);
        assert!(due("@every 1s", "2026-01-02T05:01:00Z"), "no oftener than all minutes");
    }

    #[test]
    fn what_is_wrong_is_said_in_the_words_of_dokku() {
        for (text, words) in [
            ("", "empty spec string"),
            ("@nonstandard", "unrecognized descriptor: @nonstandard"),
            ("@every soon", "failed to parse duration @every soon: time: invalid duration \"soon\""),
            ("* * * *", "expected exactly 5 fields, found 4: [* * * *]"),
            ("0 5 * * * *", "expected exactly 5 fields, found 6: [0 5 * * * *]"),
            ("60 * * * *", "end of range (60) above maximum (59): 60"),
            ("* * 0 * *", "beginning of range (0) below minimum (1): 0"),
            ("* * * * 7", "end of range (7) above maximum (6): 7"),
            ("9-3 * * * *", "beginning of range (9) beyond end of range (3): 9-3"),
            ("*/0 * * * *", "step of range should be a positive number: */0"),
            ("1-2-3 * * * *", "too many hyphens: 1-2-3"),
            ("1/2/3 * * * *", "too many slashes: 1/2/3"),
            ("x * * * *", "failed to parse int from x: strconv.Atoi: parsing \"x\": invalid syntax"),
        ] {
            assert_eq!(refused(text), words, "{text}");
        }
    }

    #[test]
    fn a_crontab_knows_a_second_sunday_and_the_start() {
        let sunday = at("2026-01-04T00:00:00Z");
        for text in ["0 0 * * 7", "0 0 * * 5-7", "0 0 * * 0"] {
            assert!(Schedule::parse_crontab(text).expect(text).is_due(sunday, &TimeZone::UTC), "{text}");
        }
        assert!(Schedule::parse_crontab("@reboot").expect("a time").is_at_start());
        assert!(refused("@reboot").contains("unrecognized"));
    }

    #[test]
    fn a_zone_stands_before_the_fields() {
        let read = Schedule::parse("CRON_TZ=Europe/Berlin 30 2 * * *").expect("a schedule");
        assert_eq!((read.zone(), read.without_zone()), (Some("Europe/Berlin"), "30 2 * * *"));
        assert_eq!(Schedule::parse("TZ=UTC @daily").expect("a schedule").zone(), Some("UTC"));
        assert!(refused("TZ=UTC").contains("no time"));
    }

    /// In Central Europe the hour from 2 was skipped on 2026-03-29 and came twice on 2026-10-25.
    #[test]
    fn no_run_is_lost_or_doubled_when_clocks_are_put_forward_or_back() {
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("a zone");
        let runs = |schedule: &str, from: &str, hours: i64| -> Vec<String> {
            let schedule = Schedule::parse(schedule).expect("a schedule");
            let minutes = (0..hours * 60)
                .filter_map(|minute| at(from).checked_add(SignedDuration::from_mins(minute)).ok());
            minutes
                .filter(|minute| schedule.is_due(*minute, &zone))
                .map(|minute| minute.to_string())
                .collect()
        };
        assert_eq!(runs("30 2 * * *", "2026-03-29T00:00:00Z", 6), ["2026-03-29T01:00:00Z"]);
        assert_eq!(runs("30 2 * * *", "2026-10-25T00:00:00Z", 6), ["2026-10-25T00:30:00Z"]);
        assert_eq!(runs("0 * * * *", "2026-10-25T00:00:00Z", 3).len(), 3);
        assert_eq!(runs("0 * * * *", "2026-03-29T00:00:00Z", 3).len(), 3);
    }
}

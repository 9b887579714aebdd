//! A line of the event log: a trigger that was fired, or how it ended (contract: output.md section 5, `events`).
//!
//! What is fired is written as Dokku writes it, `INVOKED: NAME( ARGUMENTS ) NAME=.. FINGERPRINT=.. DOKKU_PID=..`; how it
//! ended follows as `ENDED:` with `STATUS=.. LISTENERS=.. MS=..` behind it.

use std::fmt;

/// How a trigger ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventEnd {
    /// 0, or the status of the listener that failed.
    pub status: u8,
    /// How many were asked.
    pub listeners: usize,
    /// How long that took.
    pub milliseconds: u128,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// `Jan  2 03:04:05`.
    pub time: String,
    /// The machine.
    pub host: String,
    /// The process that fired it.
    pub pid: u32,
    /// The trigger.
    pub trigger: String,
    /// Its arguments, values of variables hidden.
    pub arguments: Vec<String>,
    /// NAME: of the caller's key.
    pub name: String,
    /// FINGERPRINT: of the caller's key; empty without one.
    pub fingerprint: String,
    /// The outermost command's process.
    pub dokku_pid: String,
    /// How it ended; `None` in the line that says that it was fired.
    pub end: Option<EventEnd>,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Event { time, host, pid, trigger, name, fingerprint, dokku_pid, .. } = self;
        let arguments: Vec<String> = self.arguments.iter().map(|word| quoted(word)).collect();
        let kind = if self.end.is_some() { "ENDED" } else { "INVOKED" };
        write!(
            f,
            "{time} {host} dokku-event[{pid}]: {kind}: {trigger}( {} ) NAME={name} FINGERPRINT={fingerprint} DOKKU_PID={dokku_pid}",
            arguments.join(" ")
        )?;
        match self.end {
            Some(EventEnd { status, listeners, milliseconds }) => {
                write!(f, " STATUS={status} LISTENERS={listeners} MS={milliseconds}")
            }
            None => Ok(()),
        }
    }
}

impl Event {
    /// Reads a line; `None` for what is no such line.
    pub fn parse(line: &str) -> Option<Self> {
        let (head, rest) = line.split_once(" dokku-event[")?;
        let (time, host) = head.rsplit_once(' ')?;
        let (pid, rest) = rest.split_once("]: ")?;
        let (kind, rest) = rest.split_once(": ")?;
        let (trigger, rest) = rest.split_once("( ")?;
        let (rest, tail) = rest.rsplit_once(" DOKKU_PID=")?;
        let (rest, fingerprint) = rest.rsplit_once(" FINGERPRINT=")?;
        let (arguments, name) = rest.rsplit_once(" ) NAME=").or_else(|| rest.rsplit_once(") NAME="))?;
        let mut tail = tail.split(' ');
        let dokku_pid = tail.next()?.to_owned();
        let mut value = |key: &str| tail.next()?.strip_prefix(key).map(str::to_owned);
        let end = match kind {
            "INVOKED" => None,
            "ENDED" => Some(EventEnd {
                status: value("STATUS=")?.parse().ok()?,
                listeners: value("LISTENERS=")?.parse().ok()?,
                milliseconds: value("MS=")?.parse().ok()?,
            }),
            _ => return None,
        };
        let split = |text: &str| shell_words::split(text).unwrap_or_else(|_| vec![text.to_owned()]);
        Some(Event {
            time: time.to_owned(),
            host: host.to_owned(),
            pid: pid.parse().ok()?,
            trigger: trigger.to_owned(),
            arguments: split(arguments),
            name: name.to_owned(),
            fingerprint: fingerprint.to_owned(),
            dokku_pid,
            end,
        })
    }
}

/// As it stands unless it would then not be one word of one line.
fn quoted(word: &str) -> String {
    let is_plain =
        |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '\'' | '"' | '\\' | '(' | ')');
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    let line: String = word.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("'{}'", line.replace('\'', r"'\''"))
}

/// The word without what is nobody's business: the value in `KEY=VALUE`, unless it is a number, as in `web=2`.
pub fn hidden(word: &str) -> String {
    match word.split_once('=') {
        Some((key, value))
            if super::dotenv::is_key(key) && !value.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            format!("{key}=***")
        }
        Some(_) | None => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(arguments: &[&str], end: Option<EventEnd>) -> Event {
        Event {
            time: "Jan  2 03:04:05".to_owned(),
            host: "box".to_owned(),
            pid: 7,
            trigger: "post-config-update".to_owned(),
            arguments: arguments.iter().map(|word| (*word).to_owned()).collect(),
            name: "ann (laptop)".to_owned(),
            fingerprint: "SHA256:ab/c=".to_owned(),
            dokku_pid: "5".to_owned(),
            end,
        }
    }

    #[test]
    fn a_line_is_as_dokku_writes_it() {
        assert_eq!(
            event(&["shop", "set", "KEY"], None).to_string(),
            "Jan  2 03:04:05 box dokku-event[7]: INVOKED: post-config-update( shop set KEY ) NAME=ann (laptop) \
             FINGERPRINT=SHA256:ab/c= DOKKU_PID=5"
        );
        let end = EventEnd { status: 4, listeners: 2, milliseconds: 31 };
        assert!(event(&[], Some(end)).to_string().ends_with("DOKKU_PID=5 STATUS=4 LISTENERS=2 MS=31"));
    }

    #[test]
    fn what_is_written_is_read_again() {
        let end = Some(EventEnd { status: 0, listeners: 1, milliseconds: 0 });
        for one in [
            event(&[], None),
            event(&["shop"], end),
            event(&["two words", "", "it's", "a ) NAME=x", "back\\slash"], end),
        ] {
            assert_eq!(Event::parse(&one.to_string()), Some(one));
        }
        assert_eq!(Event::parse("Jan  2 03:04:05 box something else"), None);
        let lines = event(&["two\nlines"], None).to_string();
        assert_eq!(lines.lines().count(), 1, "{lines}");
    }

    #[test]
    fn values_of_variables_are_hidden() {
        assert_eq!(hidden("API_KEY=secret"), "API_KEY=***");
        assert_eq!(hidden("web=2"), "web=2");
        assert_eq!(hidden("--label=a"), "--label=a");
        assert_eq!(hidden("shop"), "shop");
    }
}

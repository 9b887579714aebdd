//! A crontab: lines of a schedule and a command, and variables that hold from their line on (crontab(5)).

use std::collections::BTreeMap;

use super::Schedule;

/// The variable that names the time zone of the schedules after it, as in cronie.
pub const ZONE: &str = "CRON_TZ";

/// The variable that says, with `true`, that what comes after it is made up for once where it was missed. Ours.
pub const CATCH_UP: &str = "DOKKU_CRON_CATCH_UP";

/// Whose crontab it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A user's: the command stands behind the schedule.
    User,
    /// The system's, as in `/etc/cron.d`: a user stands between.
    System,
}

/// A line that runs something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub schedule: Schedule,
    /// In which time zone; that of the machine without one.
    pub zone: Option<String>,
    /// As whom, in a crontab of the system.
    pub user: Option<String>,
    /// What, for a shell.
    pub command: String,
    /// What it reads.
    pub input: String,
    /// The variables set above it.
    pub env: BTreeMap<String, String>,
    /// A run that was missed is made up for, once.
    pub catches_up: bool,
}

/// A crontab.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crontab {
    /// What it runs, in its order.
    pub entries: Vec<Entry>,
    /// The lines that mean nothing, each with the reason.
    pub faults: Vec<String>,
}

impl Crontab {
    /// Reads one. A line that means nothing does not keep the others from running.
    pub fn parse(text: &str, form: Form) -> Self {
        let mut crontab = Crontab::default();
        let mut env = BTreeMap::new();
        for line in
            text.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            if let Some((name, value)) = variable(line) {
                env.insert(name.to_owned(), value.to_owned());
                continue;
            }
            match entry(line, form, &env) {
                Ok(entry) => crontab.entries.push(entry),
                Err(why) => crontab.faults.push(format!("{line}: {why}")),
            }
        }
        crontab
    }
}

/// `NAME = value`, in quotes or not. `TZ=Europe/Berlin 0 5 * * * command` is none: it is a schedule.
fn variable(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once('=')?;
    let (name, value) = (name.trim_end(), value.trim());
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let is_zone = matches!(name, "TZ" | ZONE) && value.contains([' ', '\t']);
    let unquoted = ['"', '\''].into_iter().find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote));
    (is_name && !is_zone).then_some((name, unquoted.unwrap_or(value)))
}

fn entry(line: &str, form: Form, env: &BTreeMap<String, String>) -> Result<Entry, String> {
    let is_zone = line.starts_with("TZ=") || line.starts_with("CRON_TZ=");
    let time = if is_zone { line.split_once([' ', '\t']).map_or("", |(_, rest)| rest) } else { line };
    let words = match time.trim_start() {
        every if every.starts_with("@every") => 2,
        word if word.starts_with('@') => 1,
        _ => 5,
    };
    let (schedule, mut rest) = take_words(line, words + usize::from(is_zone)).ok_or("too few words")?;
    let schedule = Schedule::parse_crontab(&schedule).map_err(|fault| fault.message)?;
    let mut user = None;
    if form == Form::System {
        let (name, after) = take_words(rest, 1).ok_or("it names no user")?;
        (user, rest) = (Some(name), after);
    }
    let (command, input) = command_and_input(rest.trim());
    if command.is_empty() {
        return Err("it has no command".to_owned());
    }
    let named = |name: &str| env.get(name).filter(|value| !value.is_empty()).cloned();
    Ok(Entry {
        zone: schedule.zone().map(str::to_owned).or_else(|| named(ZONE)),
        schedule,
        user,
        command,
        input,
        catches_up: named(CATCH_UP).as_deref() == Some("true"),
        env: env.clone(),
    })
}

/// So many words, with one space between, and what comes after them.
fn take_words(text: &str, count: usize) -> Option<(String, &str)> {
    let (mut words, mut rest) = (Vec::new(), text.trim_start());
    for _ in 0..count {
        let end = rest.find([' ', '\t']).unwrap_or(rest.len());
        if end == 0 {
            return None;
        }
        words.push(&rest[..end]);
        rest = rest[end..].trim_start();
    }
    Some((words.join(" "), rest))
}

/// A percent sign ends the command, and what comes after it is what the command reads, with further ones as line
/// breaks; behind a backslash it is itself.
fn command_and_input(text: &str) -> (String, String) {
    let mut parts = vec![String::new()];
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let part = match letter {
            '%' => {
                parts.push(String::new());
                continue;
            }
            '\\' => letters.next_if_eq(&'%').unwrap_or(letter),
            other => other,
        };
        if let Some(last) = parts.last_mut() {
            last.push(part);
        }
    }
    let input = parts.split_off(1).iter().map(|part| format!("{part}\n")).collect();
    (parts.concat().trim_end().to_owned(), input)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_hold_for_the_lines_after_them() {
        let text = "# a comment\nMAILTO=\"a@b.c\"\n  5 5 * * *\tdokku  cron:run shop x1\nSHELL = /bin/bash\nCRON_TZ=Europe/Berlin\n\
                    DOKKU_CRON_CATCH_UP=true\n@daily  A=1 run it &>> /var/log/x.log\n\n";
        let read = Crontab::parse(text, Form::User);
        assert!(read.faults.is_empty(), "{:?}", read.faults);
        let [first, second] = read.entries.as_slice() else { panic!("two lines: {read:?}") };
        assert_eq!(first.command, "dokku  cron:run shop x1");
        assert_eq!((first.zone.as_deref(), first.catches_up), (None, false));
        assert_eq!(first.env.iter().collect::<Vec<_>>(), [(&"MAILTO".to_owned(), &"a@b.c".to_owned())]);
        assert_eq!(second.command, "A=1 run it &>> /var/log/x.log");
        assert_eq!((second.zone.as_deref(), second.catches_up), (Some("Europe/Berlin"), true));
        assert_eq!(second.env["SHELL"], "/bin/bash");
    }

    #[test]
    fn the_systems_name_a_user_and_a_zone_may_stand_in_the_line() {
        let text = "0 3 * * * dokku /usr/bin/dokku redis:backup store bucket\nTZ=UTC @every 5m root true\n";
        let read = Crontab::parse(text, Form::System);
        let [first, second] = read.entries.as_slice() else { panic!("two lines: {read:?}") };
        assert_eq!(first.user.as_deref(), Some("dokku"));
        assert_eq!(first.command, "/usr/bin/dokku redis:backup store bucket");
        assert_eq!((second.user.as_deref(), second.zone.as_deref()), (Some("root"), Some("UTC")));
        assert_eq!(second.schedule.without_zone(), "@every 5m");
    }

    #[test]
    fn percent_signs_part_command_and_input() {
        let read = Crontab::parse(r"* * * * * date +\%F >x % one%two", Form::User);
        assert_eq!(read.entries[0].command, "date +%F >x");
        assert_eq!(read.entries[0].input, " one\ntwo\n");
    }

    #[test]
    fn a_line_that_means_nothing_keeps_no_other_away() {
        let read = Crontab::parse("* * * *\n99 * * * * x\n@never x\n* * * * *\n* * * * * fine\n", Form::User);
        assert_eq!(read.entries.len(), 1);
        assert_eq!(read.faults.len(), 4, "{:?}", read.faults);
    }
}

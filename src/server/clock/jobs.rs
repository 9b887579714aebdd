//! What there is to run: read anew at each minute, as others write it.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Line;
use crate::model::Outcome;
use crate::model::crontab::{Crontab, Entry, Form};
use crate::platform::{clock, files};
use crate::store::Layout;
use crate::store::builds::settings;

/// Which of the system's crontabs are ours: those of plugins.
const OF_PLUGINS: &str = "dokku-";

/// One thing that runs by the clock.
#[derive(Clone, Debug)]
pub struct Job {
    /// What is run.
    pub line: Line,
    /// A run that was missed is made up for.
    pub catches_up: bool,
    /// It runs when the server starts.
    pub is_at_start: bool,
    entry: Entry,
    zone: TimeZone,
}

impl Job {
    /// True when it is due in the minute that begins at that time.
    pub fn is_due(&self, minute: Timestamp) -> bool {
        self.entry.schedule.is_due(minute, &self.zone)
    }
}

/// All jobs.
#[derive(Debug, Default)]
pub struct Jobs {
    /// Those that can be run.
    pub all: Vec<Job>,
    /// What cannot, each with its file and the reason.
    pub faults: Vec<String>,
}

impl Jobs {
    /// Reads the crontab of that user, our own cleaning up, and the crontabs of plugins.
    ///
    /// # Errors
    /// When a file is there and cannot be read.
    pub fn read(layout: &Layout, user: &str) -> Outcome<Self> {
        let mut jobs = Jobs::default();
        let own = layout.crontab();
        let text = files::read_text(&own)?.unwrap_or_default();
        jobs.add(&own.display().to_string(), &text, Form::User, &[user]);
        if let Some(schedule) = settings::cleanup_schedule(layout)? {
            let line = format!("{schedule} dokku cleanup --unasked\n");
            jobs.add("cleanup-schedule of builds", &line, Form::User, &[user]);
        }
        let folder = layout.system_crontabs();
        let mut names = files::names(&folder)?;
        names.retain(|name| name.starts_with(OF_PLUGINS) && !name.contains(['.', '~']));
        names.sort_unstable();
        for name in names {
            let path = folder.join(name);
            let Some(text) = files::read_text(&path)? else { continue };
            // As cron has it: what others than root can write runs nothing as root.
            let users: &[&str] = if files::is_of_root_alone(&path) { &[user, "root"] } else { &[user] };
            jobs.add(&path.display().to_string(), &text, Form::System, users);
        }
        Ok(jobs)
    }

    fn add(&mut self, file: &str, text: &str, form: Form, users: &[&str]) {
        let crontab = Crontab::parse(text, form);
        self.faults.extend(crontab.faults.iter().map(|fault| format!("{file}: {fault}")));
        for entry in crontab.entries {
            match job(entry, users) {
                Ok(job) => self.all.push(job),
                Err(why) => self.faults.push(format!("{file}: {why}")),
            }
        }
    }
}

fn job(entry: Entry, users: &[&str]) -> Result<Job, String> {
    let user = entry.user.as_deref().or(users.first().copied()).unwrap_or_default();
    if !users.contains(&user) {
        return Err(format!("{}: it may not run as {user}", entry.command));
    }
    let zone = match &entry.zone {
        Some(name) => clock::zone(name).map_err(|fault| format!("{}: {}", entry.command, fault.message))?,
        None => clock::system_zone(),
    };
    let line = Line {
        user: user.to_owned(),
        command: entry.command.clone(),
        input: entry.input.clone(),
        env: entry.env.clone(),
    };
    Ok(Job { line, catches_up: entry.catches_up, is_at_start: entry.schedule.is_at_start(), entry, zone })
}

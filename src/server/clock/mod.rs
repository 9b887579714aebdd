//! What runs by the clock: the crontab of user dokku and those of the system, as cron would run them.
//! Each line is a process of its own; what it means to run a task of an app is the command's to know.

mod jobs;
mod line;
mod ticker;

pub use jobs::Job;
pub use line::{Line, Lines, Shell, WORD, become_line};
pub use ticker::{Ticker, run};

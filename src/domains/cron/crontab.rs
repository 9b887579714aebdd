//! The crontab that is written for the clock: tasks of apps and of plugins, and what others have put into it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::kernel::{Ctx, Result};
use crate::model::crontab::{CATCH_UP, ZONE};
use crate::model::{AppName, Scope};
use crate::platform::{files, lock};
use crate::store::{Extracted, apps, properties};
use crate::triggers::{self, scheduler_of, scheduler_of_all};

use super::properties::PROPERTIES;
use super::tasks::{self, Injected};

/// What stands between these two lines is ours, and written anew each time.
const BEGIN: &str = "# Dokku's own lines begin here: they are written anew, put yours above";
const END: &str = "# Dokku's own lines end here";

/// Every line before this belongs to it (contract: layout.md section 8).
const HEAD: [&str; 2] = ["PATH=/usr/local/bin:/usr/bin:/bin", "SHELL=/bin/bash"];

/// What ours has in common that nobody else would write by hand.
const OURS: &str = " dokku cron:run ";

/// Writes the crontab anew.
///
/// # Errors
/// When a plugin that is asked fails, or the file cannot be written.
pub async fn write(ctx: &Ctx) -> Result {
    // Asked before the lock is taken: a plugin may well write a crontab of its own.
    let hosts = Hosts::ask(ctx).await?;
    let layout = ctx.layout();
    let _lock = lock::Lock::take(&layout.data("locks").join("crontab.lock"))?;
    let groups = groups(ctx, &hosts)?;
    let path = layout.crontab();
    let before = files::read_text(&path)?;
    let own = own_lines(ctx, &groups)?;
    let others = others(before.as_deref().unwrap_or_default(), &own);
    let is_empty = groups.is_empty() && others.is_empty();
    if is_empty {
        if files::remove(&path)? {
            ctx.out.step("Removed");
        }
        return Ok(());
    }
    let text = if groups.is_empty() { others.clone() } else { format!("{others}{BEGIN}\n{own}{END}\n") };
    if groups.is_empty() && before.as_deref() == Some(&text) {
        return Ok(());
    }
    files::write(&path, text.as_bytes(), 0o600)?;
    ctx.out.step(if groups.is_empty() { "Removed" } else { "Updated schedule file" });
    Ok(())
}

/// What this host is to run.
struct Hosts {
    apps: Vec<AppName>,
    injected: Vec<Injected>,
}

impl Hosts {
    async fn ask(ctx: &Ctx) -> Result<Self> {
        let mut known: BTreeMap<String, bool> = BTreeMap::new();
        let all = scheduler_of_all(ctx).await?;
        known.insert(all.clone(), runs_here(ctx, &all).await?);
        let mut found = Vec::new();
        for app in apps::all(ctx.layout())? {
            // Most apps have no task, and cost a look at a file.
            let pid = ctx.env.get("DOKKU_PID").unwrap_or_default();
            if Extracted::AppJson.read(ctx.layout(), &app, pid)?.is_none_or(|text| !text.contains("\"cron\""))
            {
                continue;
            }
            let scheduler = scheduler_of(ctx, &app).await?;
            let is_here = match known.get(&scheduler) {
                Some(is_here) => *is_here,
                None => runs_here(ctx, &scheduler).await?,
            };
            known.insert(scheduler, is_here);
            if is_here {
                found.push(app);
            }
        }
        let mut injected = Vec::new();
        for (scheduler, _) in known.iter().filter(|(_, is_here)| **is_here) {
            injected.extend(tasks::injected(ctx, scheduler).await?);
        }
        Ok(Hosts { apps: found, injected })
    }
}

/// Asks a scheduler whether the clock of this host runs its tasks.
///
/// # Errors
/// When a listener fails.
pub async fn runs_here(ctx: &Ctx, scheduler: &str) -> Result<bool> {
    let asked = triggers::SchedulerUsesHostCron { scheduler: scheduler.to_owned() };
    Ok(ctx.fire(asked).await?.trim() == "true")
}

/// Lines by what must stand before them: a time zone, and whether they are made up for. Those that need nothing come first.
type Groups = BTreeMap<(Option<String>, bool), Vec<String>>;

fn groups(ctx: &Ctx, hosts: &Hosts) -> Result<Groups> {
    let mut groups = Groups::new();
    for app in &hosts.apps {
        let tasks = match tasks::of_app(ctx, app) {
            Ok(tasks) => tasks,
            Err(failure) => {
                // The other apps' tasks are to run all the same.
                failure.print(&ctx.out);
                continue;
            }
        };
        let scope = Scope::from(app);
        let zone = PROPERTIES.computed(ctx, &scope, "timezone")?;
        let catches_up = PROPERTIES.computed(ctx, &scope, "catch-up")? == "true";
        for task in tasks.into_iter().filter(tasks::Task::runs) {
            let zone = task.schedule.zone().unwrap_or(&zone).to_owned();
            let line = format!("{}{OURS}{app} {}", task.schedule.without_zone(), task.id);
            groups.entry((Some(zone).filter(|zone| !zone.is_empty()), catches_up)).or_default().push(line);
        }
    }
    for task in &hosts.injected {
        let log = task.log.as_ref().map_or(String::new(), |log| format!(" &>> {log}"));
        let line = format!("{} {}{log}", task.schedule.without_zone(), task.command);
        groups.entry((task.schedule.zone().map(str::to_owned), false)).or_default().push(line);
    }
    Ok(groups)
}

fn own_lines(ctx: &Ctx, groups: &Groups) -> Result<String> {
    let mut text = String::new();
    for (key, variable) in [("mailfrom", "MAILFROM"), ("mailto", "MAILTO")] {
        let value = properties::get(ctx.layout(), "cron", &Scope::Global, key)?.unwrap_or_default();
        if !value.is_empty() {
            let _ = writeln!(text, "{variable}={value}");
        }
    }
    let _ = writeln!(text, "{}\n", HEAD.join("\n"));
    let (mut zone, mut catches_up) = (&None, false);
    for ((wanted_zone, wanted_catch_up), lines) in groups {
        if zone != wanted_zone {
            let _ = writeln!(text, "{ZONE}={}", wanted_zone.as_deref().unwrap_or_default());
            zone = wanted_zone;
        }
        if catches_up != *wanted_catch_up {
            let _ = writeln!(text, "{CATCH_UP}={wanted_catch_up}");
            catches_up = *wanted_catch_up;
        }
        for line in lines {
            let _ = writeln!(text, "{line}");
        }
    }
    Ok(text)
}

/// The lines that others have put into the file: what does not stand between our marks, and is no line of ours either,
/// as where a program wrote the file back without its comments, or Dokku wrote it, which has no marks.
fn others(text: &str, own: &str) -> String {
    let own: BTreeSet<&str> = own.lines().chain(HEAD).collect();
    let has_ours = text.contains(OURS);
    let mut is_ours = false;
    let mut others = String::new();
    for line in text.lines() {
        match line {
            BEGIN => is_ours = true,
            END => is_ours = false,
            _ if is_ours || line.contains(OURS) => {}
            _ if has_ours && (own.contains(line) || is_of_head(line)) => {}
            _ => {
                others += line;
                others.push('\n');
            }
        }
    }
    others
}

fn is_of_head(line: &str) -> bool {
    line.starts_with("MAILFROM=") || line.starts_with("MAILTO=") || line.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_others_stay_and_ours_do_not_double() {
        let own = "PATH=/usr/local/bin:/usr/bin:/bin\nSHELL=/bin/bash\n\n@daily dokku cron:run shop x1\n@daily /bin/true\n";
        let theirs = "# mine\n0 5 * * * dokku letsencrypt:auto-renew\n";
        let whole = format!("{theirs}{BEGIN}\n{own}{END}\n");
        assert_eq!(others(&whole, own), theirs);
        let by_dokku = format!("MAILTO=a@b.c\n{own}{theirs}");
        assert_eq!(others(&by_dokku, own), theirs);
        let without_comments: String = whole
            .lines()
            .filter(|line| !line.starts_with('#'))
            .fold(String::new(), |all, line| all + line + "\n");
        assert_eq!(others(&without_comments, own), "0 5 * * * dokku letsencrypt:auto-renew\n");
        assert_eq!(others("", own), "");
        assert_eq!(others("MAILTO=me\n\n1 2 * * * x\n", own), "MAILTO=me\n\n1 2 * * * x\n");
    }
}

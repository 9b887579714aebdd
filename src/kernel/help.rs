//! `help`, `help --all`, `NAME:help` and `COMMAND --help`, made from the tables
//! (contract: commands.yaml entrypoint; plugin-abi.md 1.6).

use super::command::{Entry, Gate};
use super::ctx::Ctx;
use super::domain::Domain;
use super::failure::Result;
use super::plugin_command;
use super::property::{Holds, Properties, Property};
use super::report::Report;

const SET: &str = "[--global|<app>] <key> [<value>]";
const REPORT: &str = "[<app>|--global] [--format stdout|json|yaml] [<flag>]";

/// One line of help: name, arguments, what it does.
pub struct Line {
    /// What the user types.
    pub name: String,
    /// Its arguments.
    pub arguments: String,
    /// What it does.
    pub about: String,
}

/// The lines of a domain: its commands and those made from its tables, sorted by name.
pub fn lines(domain: &Domain) -> Vec<Line> {
    let entries = domain.commands.iter().filter(|entry| entry.gate != Gate::Internal);
    let mut lines: Vec<Line> = entries.map(line).collect();
    let made = |verb: &str, arguments: &str, about: String| Line {
        name: format!("{}:{verb}", domain.name),
        arguments: arguments.to_owned(),
        about,
    };
    let has =
        |verb: &str| domain.commands.iter().any(|entry| entry.name == format!("{}:{verb}", domain.name));
    if domain.properties.is_some() && !has("set") {
        lines.push(made("set", SET, format!("Set or clear a {} property", domain.name)));
    }
    if domain.report.is_some() && !has("report") {
        lines.push(made("report", REPORT, format!("Display a {} report for one or more apps", domain.name)));
    }
    lines.sort_by(|left, right| left.name.cmp(&right.name));
    lines
}

fn line(entry: &Entry) -> Line {
    let command = (entry.clap)();
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    Line { name: entry.name.to_owned(), arguments: arguments(&command), about }
}

fn arguments(command: &clap::Command) -> String {
    let words = command.get_arguments().filter(|argument| argument.get_id() != "help").map(|argument| {
        let values: Vec<String> = argument
            .get_value_names()
            .unwrap_or_default()
            .iter()
            .map(|name| format!("<{}>", name.to_lowercase().replace('_', "-")))
            .collect();
        let many =
            if argument.get_num_args().is_some_and(|range| range.max_values() > 1) { "..." } else { "" };
        let values = values.join(" ") + many;
        let flag = match (argument.get_short(), argument.get_long()) {
            (_, Some(long)) => Some(format!("--{long}")),
            (Some(short), None) => Some(format!("-{short}")),
            (None, None) => None,
        };
        let takes_value = argument.get_action().takes_values();
        match (flag, takes_value, argument.is_required_set()) {
            (Some(flag), true, _) => format!("[{flag} {values}]"),
            (Some(flag), false, _) => format!("[{flag}]"),
            (None, _, true) => values,
            (None, _, false) => format!("[{values}]"),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// `dokku help [--all]`. Headings are hidden by quiet and when standard input is no terminal, as Dokku does.
///
/// # Errors
/// When a plugin cannot be asked for its lines.
pub async fn all(ctx: &Ctx, is_complete: bool, shows_headings: bool) -> Result {
    let of_plugins = plugin_command::help(ctx, is_complete).await?;
    let headings = if shows_headings { ctx.out.unless_quiet() } else { ctx.out.silenced() };
    headings.plain("Usage: dokku [--quiet|--trace|--force] COMMAND <app> [command-specific-options]");
    headings.plain("");
    headings.plain(
        "Primary help options, type \"dokku COMMAND:help\" for more details, or dokku help --all to see all commands.",
    );
    headings.plain("");
    headings.plain("Commands:");
    headings.plain("");
    let mut rows = Vec::new();
    for domain in ctx.bus.domains() {
        if ctx.bus.is_disabled(ctx.layout(), domain.plugin)? {
            continue;
        }
        let mut has_bare = false;
        for line in lines(domain) {
            has_bare |= line.name == domain.name;
            if is_complete {
                rows.push((format!("{} {}", line.name, line.arguments).trim_end().to_owned(), line.about));
            } else if !line.name.contains(':') && line.name != domain.name {
                rows.push((line.name, line.about));
            }
        }
        if !domain.name.is_empty() && (!is_complete || !has_bare) {
            rows.push((domain.name.to_owned(), domain.about.to_owned()));
        }
    }
    print(ctx, rows);
    if !of_plugins.is_empty() {
        headings.plain("");
        headings.plain("Community plugin commands:");
        headings.plain("");
        print(ctx, of_plugins);
    }
    headings.plain("");
    Ok(())
}

/// `dokku NAME:help`.
pub fn of(ctx: &Ctx, domain: &Domain) {
    ctx.out.plain(format!("Usage: dokku {}[:COMMAND]", domain.name));
    ctx.out.plain("");
    ctx.out.plain(if domain.heading.is_empty() { domain.about } else { domain.heading });
    ctx.out.plain("");
    ctx.out.plain("Additional commands:");
    ctx.out.plain("");
    let rows = lines(domain)
        .into_iter()
        .map(|line| (format!("{} {}", line.name, line.arguments).trim_end().to_owned(), line.about))
        .collect();
    print(ctx, rows);
}

/// `NAME:set --help`: what can be set, for what, and what holds else.
pub fn of_set(ctx: &Ctx, domain: &Domain, table: &Properties) {
    ctx.out.plain(format!("Set or clear a {} property", domain.name));
    ctx.out.plain("");
    ctx.out.plain(format!("Usage: dokku {}:set {SET}", domain.name));
    ctx.out.plain("");
    ctx.out.plain("Without a value the property is cleared. The keys:");
    ctx.out.plain("");
    let settable = table.list.iter().filter(|property| property.holds != Holds::ReadOnly);
    print(ctx, settable.map(|property| (property.key.to_owned(), about(property))).collect());
}

fn about(property: &Property) -> String {
    let mut notes = Vec::new();
    match property.holds {
        Holds::App => notes.push("of an app only".to_owned()),
        Holds::Global => notes.push("--global only".to_owned()),
        Holds::Both | Holds::ReadOnly => {}
    }
    if !property.default.is_empty() {
        notes.push(format!("unless set: {}", property.default));
    }
    match notes.is_empty() {
        true => property.about.to_owned(),
        false => format!("{} ({})", property.about, notes.join("; ")),
    }
}

/// `NAME:report --help`.
pub fn of_report(ctx: &Ctx, domain: &Domain, report: &Report) {
    ctx.out.plain(format!("Display a {} report for one or more apps", domain.name));
    ctx.out.plain("");
    ctx.out.plain(format!("Usage: dokku {}:report {REPORT}", domain.name));
    ctx.out.plain("");
    ctx.out.plain("Without an app those of all apps. A flag prints one fact alone:");
    ctx.out.plain("");
    for key in report.keys.iter().filter(|key| !key.flag.ends_with('*')) {
        ctx.out.plain(format!("    --{}", key.flag));
    }
}

fn print(ctx: &Ctx, mut rows: Vec<(String, String)>) {
    rows.sort();
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, about) in rows {
        ctx.out.plain(format!("    {name:width$}  {about}"));
    }
}

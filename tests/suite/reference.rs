//! The pages under `docs/reference/`, rendered from the tables that the program itself runs on. A page
//! that is stale fails here; `UPDATE_EXPECT=1 cargo test reference` writes it anew.

use std::fmt::Write;

use dokku::domains;
use dokku::kernel::{Domain, Entry, Gate, Holds, Stdin, help};
use dokku::triggers;
use expect_test::expect_file;

const WRITTEN: &str = "<!-- Written by tests/suite/reference.rs from the tables in the sources. -->";

fn named() -> impl Iterator<Item = &'static Domain> {
    domains::ALL.iter().copied().filter(|domain| !domain.name.is_empty())
}

fn who(gate: Gate) -> &'static str {
    match gate {
        Gate::Root => "root",
        Gate::User => "any key",
        Gate::RootAsDokku => "root, as user dokku",
        Gate::Caller => "whoever asks",
        Gate::Internal => "any key, not for people",
    }
}

#[test]
fn the_page_of_commands_is_up_to_date() {
    let mut page = format!("# Commands\n\n{WRITTEN}\n\n`dokku help` and `dokku NAME:help` show the same.\n");
    let nameless = domains::ALL.iter().copied().filter(|domain| domain.name.is_empty());
    let (mut general, mut rest) = (String::new(), String::new());
    for domain in nameless {
        domain.commands.iter().for_each(|entry| command(&mut general, entry, domain));
    }
    for domain in named() {
        let _ = write!(rest, "\n## {}\n\n{}.\n", domain.name, domain.about);
        domain.commands.iter().for_each(|entry| command(&mut rest, entry, domain));
        for line in help::lines(domain) {
            if domain.commands.iter().all(|entry| entry.name != line.name) {
                let _ = write!(rest, "\n### `{} {}`\n\n{}.\n", line.name, line.arguments, line.about);
            }
        }
        if !domain.also.is_empty() {
            let _ = write!(rest, "\n`{}` means `{}`, also before a colon.\n", domain.also, domain.name);
        }
        for alias in domain.aliases.iter().filter(|alias| !alias.typed.starts_with('-')) {
            let old = if alias.is_deprecated { " (deprecated)" } else { "" };
            let _ = write!(rest, "\n`{}` means `{}`{old}.\n", alias.typed, alias.means);
        }
    }
    let _ = write!(page, "\n## General\n{general}{rest}");
    expect_file!["../../docs/reference/commands.md"].assert_eq(&page);
}

fn command(page: &mut String, entry: &Entry, domain: &Domain) {
    if entry.gate == Gate::Internal {
        return;
    }
    let described = (entry.clap)();
    let line = help::lines(domain).into_iter().find(|line| line.name == entry.name);
    let usage =
        line.map_or_else(|| entry.name.to_owned(), |line| format!("{} {}", line.name, line.arguments));
    let about = described.get_about().map(ToString::to_string).unwrap_or_default();
    let manual = described.get_long_about().map(ToString::to_string).unwrap_or_default();
    let manual = manual.strip_prefix(&about).unwrap_or(&manual).trim();
    let _ = write!(page, "\n### `{}`\n\n{about}.", usage.trim());
    if !manual.is_empty() {
        let _ = write!(page, " {manual}");
    }
    page.push('\n');
    let flags: Vec<String> = described
        .get_arguments()
        .filter(|argument| !argument.is_hide_set() && argument.get_id() != "help")
        .filter_map(|argument| {
            let name = match (argument.get_short(), argument.get_long()) {
                (Some(short), Some(long)) => format!("-{short}, --{long}"),
                (Some(short), None) => format!("-{short}"),
                (None, Some(long)) => format!("--{long}"),
                (None, None) => return None,
            };
            Some(format!("- `{name}`: {}\n", argument.get_help()?))
        })
        .collect();
    if !flags.is_empty() {
        let _ = write!(page, "\n{}", flags.concat());
    }
}

#[test]
fn the_page_of_properties_is_up_to_date() {
    let mut page = format!(
        "# Properties\n\n{WRITTEN}\n\n`dokku NAME:set <app>|--global <property> [<value>]` sets a property, without a value it is \
         forgotten. What holds is the app's value, else the global one, else the default.\n"
    );
    for domain in named() {
        let Some(table) = domain.properties else { continue };
        let _ = write!(
            page,
            "\n## {}\n\n| Property | For | Default | Meaning |\n|---|---|---|---|\n",
            domain.name
        );
        for property in table.list {
            let holds = match property.holds {
                Holds::App => "app",
                Holds::Global => "all apps",
                Holds::Both => "app, all apps",
                Holds::ReadOnly => "read-only",
            };
            let default = if property.default.is_empty() { "" } else { &format!("`{}`", property.default) };
            let mut about = property.about.replace('|', "\\|");
            if let Some(why) = domain.why_idle(property.key) {
                let _ = write!(about, ". Without effect: {why}");
            }
            let _ = writeln!(page, "| `{}` | {holds} | {default} | {about} |", property.key);
        }
    }
    expect_file!["../../docs/reference/properties.md"].assert_eq(&page);
}

#[test]
fn the_page_of_triggers_is_up_to_date() {
    let mut page = format!(
        "# Triggers\n\n{WRITTEN}\n\nAn enabled plugin listens to a trigger by an executable of its name. All that listen are asked in the order \
         of their plugins' names; the first that fails ends the walk. Those marked with `=` answer on standard output, to others that is \
         shown to the user. They read what the command itself would read; those marked with `∅` nothing, those with `{{}}` a JSON value.\n\n| Trigger | Arguments | Meaning |\n|---|---|---|\n"
    );
    let mut all: Vec<_> = triggers::all().collect();
    all.sort_by_key(|trigger| trigger.name);
    for trigger in all {
        let answers = if trigger.is_captured { " =" } else { "" };
        let reads = match trigger.stdin {
            Stdin::Inherited => "",
            Stdin::Nothing => " ∅",
            Stdin::Json => " `{}`",
        };
        let arguments = trigger.arguments.join(" ").to_uppercase();
        let about = trigger.about.split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = writeln!(page, "| `{}`{answers}{reads} | {arguments} | {about} |", trigger.name);
    }
    expect_file!["../../docs/reference/triggers.md"].assert_eq(&page);
}

/// Who may run what is decided in each declaration; this page is where a change of it shows.
#[test]
fn the_page_of_gates_is_up_to_date() {
    let mut rows: Vec<(&str, &str)> = domains::ALL
        .iter()
        .flat_map(|domain| domain.commands)
        .map(|entry| (entry.name, who(entry.gate)))
        .collect();
    rows.sort_unstable();
    let mut page = format!(
        "# Who may run what\n\n{WRITTEN}\n\nWhat is for root runs by `docker exec` alone and is refused over SSH. Every `NAME:set`, \
         `NAME:report` and `NAME:help` is for any key.\n\n| Command | Who |\n|---|---|\n"
    );
    for (name, who) in rows {
        let _ = writeln!(page, "| `{name}` | {who} |");
    }
    expect_file!["../../docs/reference/gates.md"].assert_eq(&page);
}

#[test]
fn only_keys_and_plugins_are_for_root() {
    let for_root = domains::ALL
        .iter()
        .flat_map(|domain| domain.commands)
        .filter(|entry| entry.gate == Gate::Root)
        .filter(|entry| !matches!(entry.name, "ssh-keys:add" | "ssh-keys:remove"))
        .filter(|entry| !entry.name.starts_with("plugin"));
    let others: Vec<&str> = for_root.map(|entry| entry.name).collect();
    assert!(others.is_empty(), "declared without a gate: {others:?}");
}

#[test]
fn triggers_have_one_declaration_each() {
    let mut names: Vec<&str> = triggers::all().map(|trigger| trigger.name).collect();
    names.sort_unstable();
    let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

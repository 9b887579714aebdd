//! Which rows there must be: of every command that the program knows one that ends well, one that fails, one with
//! `--quiet`, and one of JSON where it offers that.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use dokku::domains;
use dokku::kernel::{Domain, Gate};

use super::table::{Row, Step, Table};
use super::{TABLES, facts};
use crate::support::World;

const SUCCESS: &str = "success";
const FAILURE: &str = "failure";
const QUIET: &str = "--quiet";
const JSON: &str = "json";

/// A command, and the kinds of rows that it needs.
type Needs = BTreeMap<String, BTreeSet<&'static str>>;

/// What the program knows: commands, those made from tables, other names for them. Pages of help are the matter of
/// help.rs.
fn needs() -> Needs {
    let mut needs = Needs::new();
    for domain in domains::ALL.iter().copied() {
        for entry in domain.commands {
            let has_formats = (entry.clap)().get_arguments().any(|one| one.get_long() == Some("format"));
            needs.insert(entry.name.to_owned(), kinds(has_formats && entry.name != "report"));
        }
        for (verb, is_there, is_json) in
            [("set", domain.properties.is_some(), false), ("report", domain.report.is_some(), true)]
        {
            if is_there {
                needs.entry(format!("{}:{verb}", domain.name)).or_insert_with(|| kinds(is_json));
            }
        }
        for alias in domain.aliases.iter().filter(|alias| !alias.means.ends_with(":help")) {
            needs.insert(alias.typed.to_owned(), [SUCCESS].into());
        }
    }
    needs.insert("help".to_owned(), [SUCCESS, QUIET].into());
    needs
}

fn kinds(is_json: bool) -> BTreeSet<&'static str> {
    let json = is_json.then_some(JSON);
    [SUCCESS, FAILURE, QUIET].into_iter().chain(json).collect()
}

/// The command of a row: its first word behind the global flags.
fn command(row: &Row) -> &str {
    let mut words = row.words.iter().map(String::as_str);
    while let Some(word) = words.next() {
        match word {
            "--app" => drop(words.next()),
            "--version" => return word,
            flag if flag.starts_with("--") => {}
            command => return command,
        }
    }
    "help"
}

fn kinds_of(row: &Row) -> Vec<&'static str> {
    let has = |word: &str| row.words.iter().any(|one| one == word);
    let fails = row.expected.last().is_some_and(|line| line.starts_with("exit "));
    let mut kinds = vec![if fails { FAILURE } else { SUCCESS }];
    kinds.extend(has("--quiet").then_some(QUIET));
    let is_json = row.words.windows(2).any(|pair| pair == ["--format", "json"]) || has("--format=json");
    kinds.extend((is_json && !fails).then_some(JSON));
    kinds
}

/// The table in which a command's rows stand.
fn home(command: &str) -> String {
    let prefix = command.split(':').next().unwrap_or(command);
    let owner = |domain: &&&Domain| {
        domain.commands.iter().any(|entry| entry.name == command)
            || domain.aliases.iter().any(|alias| alias.typed == command)
            || domain.name == prefix
    };
    match domains::ALL.iter().find(owner).filter(|domain| !domain.name.is_empty()) {
        Some(domain) if domain.name.starts_with("builder-") => "builders".to_owned(),
        Some(domain) if domain.name.starts_with("scheduler-") => "scheduler".to_owned(),
        Some(domain) => domain.name.replace('-', "_"),
        None => "general".to_owned(),
    }
}

#[test]
fn every_command_has_its_rows() {
    let (mut missing, mut stale) = (needs(), String::new());
    let tables: Vec<Table> = TABLES.iter().map(|name| Table::read(name)).collect();
    for row in tables.iter().flat_map(|table| &table.scenes).flat_map(|scene| &scene.steps) {
        let Step::Row(row) = row else { continue };
        if let Some(kinds) = missing.get_mut(command(row)) {
            kinds.retain(|kind| !kinds_of(row).contains(kind));
        }
    }
    for excuse in tables.iter().flat_map(|table| &table.excuses) {
        let kinds = missing.get_mut(&excuse.command);
        if !kinds.is_some_and(|kinds| kinds.remove(excuse.kind.as_str())) {
            let _ = writeln!(
                stale,
                "  no {} of {}: there is such a row, or need not be",
                excuse.kind, excuse.command
            );
        }
    }
    missing.retain(|_, kinds| !kinds.is_empty());
    assert!(missing.is_empty(), "{}", how_to_add(&missing));
    assert!(stale.is_empty(), "excuses that can go:\n{stale}");
}

/// What to write, and where.
fn how_to_add(missing: &Needs) -> String {
    let mut told =
        "commands without rows in their tables. Write these lines, each behind what it needs:\n".to_owned();
    for (command, kinds) in missing {
        let _ = writeln!(told, "\n  tests/suite/commands/{}.txt", home(command));
        for kind in kinds {
            let _ = match *kind {
                FAILURE => writeln!(told, "    $ {command} nope              # something it refuses"),
                QUIET => writeln!(told, "    $ --quiet {command} shop"),
                JSON => writeln!(told, "    $ {command} shop --format json"),
                _ => writeln!(told, "    $ {command} shop              # something that it does"),
            };
        }
    }
    told + "\nthen let UPDATE_EXPECT=1 cargo test --test suite commands:: say what they say, and read it. A row that cannot \
            be is a line as well:\n    no failure of NAME: why\n"
}

#[test]
fn tables_and_files_are_the_same() {
    let files = crate::support::sources::below("tests/suite/commands", ".txt");
    let names: Vec<&str> =
        files.iter().filter_map(|file| file.path.rsplit('/').next()?.strip_suffix(".txt")).collect();
    assert_eq!(names, TABLES, "mod.rs lists the files");
}

#[test]
fn every_command_of_dokku_is_there() {
    let world = World::new();
    let is_there = |name: &str| !world.run(&format!("{name} --help")).contains("is not a dokku command");
    let to_come: BTreeSet<&str> = facts::TO_COME.split_whitespace().collect();
    let missing =
        facts::COMMANDS.split_whitespace().filter(|name| !to_come.contains(name) && !is_there(name));
    let missing: Vec<&str> = missing.collect();
    assert!(missing.is_empty(), "Dokku has these, and so did we: {missing:?}");
    let came: Vec<&&str> = to_come.iter().filter(|name| is_there(name)).collect();
    assert!(came.is_empty(), "these came: take them off TO_COME in facts.rs: {came:?}");
}

#[test]
fn what_only_programs_call_is_in_no_help() {
    let internal =
        domains::ALL.iter().flat_map(|domain| domain.commands).filter(|entry| entry.gate == Gate::Internal);
    let help = World::new().run("help --all");
    for entry in internal {
        assert!(!help.contains(&format!("    {} ", entry.name)), "{}", entry.name);
    }
}

//! Every command as a table: what it says on standard output and standard error, and how it ends.
//!
//! A table is a text file per domain, `apps.txt`:
//!
//! ```text
//! == An app is made once            a new server, and what is to be seen there
//! given app shop                    what is there beforehand; stage.rs has the words
//! $ apps:create shop                a command, split as a shell does, `$WORLD` being the folder of all files
//!   2> !     Name is already taken  what it says, two spaces in: standard output, standard error behind `2>`,
//!   exit 1                          and its status, unless that is 0
//! $ apps:destroy shop <<< shop      with a line on standard input
//! # Dokku: …                        a remark
//! no failure of apps:help: why      a row that cannot be, and the reason
//! ```
//!
//! In what is said, `…` is any text within a line, and a line of nothing else any lines. What cannot be seen has a
//! picture: `␤` an empty line, `␠` a space at the end of one, `␄` an end without a newline, `␛` an escape.
//!
//! `UPDATE_EXPECT=1 cargo test --test suite commands::` writes what is said into the rows that say otherwise. That is a
//! proposal: a row is right when Dokku says the same, or `docs/differences.md` says why not.

mod complete;
mod facts;
mod help;
mod shown;
mod stage;
mod table;

use dokku::domains;
use dokku::external;
use dokku::kernel::{Gate, Registry, dispatch};
use dokku::platform::user;

use crate::support::World;
use shown::{fits, shown};
use table::{Row, Step, Table};

/// A test for each table.
macro_rules! tables {
    ($($name:ident)*) => {
        /// The tables, by the names of their files.
        const TABLES: &[&str] = &[$(stringify!($name)),*];
        $(#[test]
        fn $name() {
            check(stringify!($name));
        })*
    };
}

tables! {
    app_json apps builder builders buildpacks builds caddy certs checks config cron docker_options domains enter events
    general git haproxy logs network nginx openresty plugin ports proxy ps registry releases repo resource run scheduler
    shell ssh_keys storage trace traefik
}

/// Runs a table, and fails with all rows that are told otherwise.
fn check(name: &str) {
    let mut table = Table::read(name);
    let (mut wrong, mut proposals) = (Vec::new(), Vec::new());
    for scene in &table.scenes {
        let world = World::new();
        for step in &scene.steps {
            match step {
                Step::Given(given) => stage::prepare(&world, given, &table.path),
                Step::Row(row) if !may_run(row) => {}
                Step::Row(row) => {
                    let seen = said(&world, row);
                    if !fits(&row.expected, &seen) {
                        wrong.push(told(&table.path, &scene.heading, row, &seen));
                        proposals.push((row.block.clone(), seen));
                    }
                }
            }
        }
        // What was planned and not asked for is the business of a row's next-door test, not of the table.
        world.docker.forget_runs();
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        table.rewrite(proposals);
    } else {
        assert!(wrong.is_empty(), "\n{}\nUPDATE_EXPECT=1 writes what is said now\n", wrong.join("\n"));
    }
}

/// What is for root says no more than that to others, for whom its rows do not hold.
fn may_run(row: &Row) -> bool {
    let registry = Registry { domains: domains::ALL, plugins: external::plugins };
    match dispatch::gate(&registry, &row.words) {
        Gate::Root | Gate::RootAsDokku => user::is_root(),
        Gate::User | Gate::Caller | Gate::Internal => true,
    }
}

/// What speaks on the streams of its process, or becomes another program: its rows are run as processes of their own.
const AS_PROCESSES: [&str; 4] =
    ["git-receive-pack", "git-upload-archive", "git-upload-pack", "plugin:daemon"];

fn said(world: &World, row: &Row) -> Vec<String> {
    let words = row.words.iter().map(|word| word.replace("$WORLD", &world.path()));
    let words: Vec<String> = words.collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if words.iter().any(|word| AS_PROCESSES.contains(word)) {
        return shown(&world.say_as_process(&words, row.input.as_bytes()));
    }
    shown(&world.say(&words, row.input.as_bytes()))
}

fn told(path: &str, heading: &str, row: &Row, seen: &[String]) -> String {
    let block = |lines: &[String]| lines.iter().map(|line| format!("    {line}\n")).collect::<String>();
    format!(
        "{path}:{} ({heading})\n  $ {}\n  is to say\n{}  and says\n{}",
        row.line,
        row.typed,
        block(&row.expected),
        block(seen)
    )
}

//! The pages of help: one per domain, under its name and `NAME:help`, the same whoever asks.

use dokku::domains;
use dokku::kernel::{Domain, help};

use crate::support::World;

fn named() -> impl Iterator<Item = &'static Domain> {
    domains::ALL.iter().copied().filter(|domain| !domain.name.is_empty())
}

#[test]
fn each_domain_has_a_page_with_a_line_per_command() {
    let world = World::new();
    for domain in named() {
        let name = domain.name;
        let page = world.run(&format!("{name}:help"));
        assert!(page.starts_with(&format!("Usage: dokku {name}[:COMMAND]\n\n")), "{page}");
        assert!(page.contains("\n\nAdditional commands:\n"), "{page}");
        for line in help::lines(domain) {
            let shown = page.lines().find(|shown| shown.trim_start().starts_with(&format!("{} ", line.name)));
            assert!(shown.is_some_and(|shown| shown.ends_with(&line.about)), "{}: {page}", line.name);
        }
        assert!(!page.contains("\n2>") && !page.contains("\nexit "), "{page}");
        // Quiet hides headings of lists, not what was asked for; a word too many is passed over.
        assert_eq!(world.run(&format!("--quiet {name}:help")), page);
        assert_eq!(world.run(&format!("{name}:help --all")), page);
        let has_default = domain.commands.iter().any(|entry| entry.name == name);
        let bare = if has_default { format!("{name} --help") } else { name.to_owned() };
        assert_eq!(world.run(&bare), page, "{bare}");
        if !domain.also.is_empty() {
            assert_eq!(world.run(domain.also), page);
            assert_eq!(world.run(&format!("{}:help", domain.also)), page);
        }
    }
}

#[test]
fn a_word_that_no_domain_has_is_no_command() {
    let world = World::new();
    for domain in named() {
        let (name, verb) = (domain.name, "no-such-verb");
        assert_eq!(
            world.run(&format!("{name}:{verb} shop")),
            format!(
                "2> !     `{name}:{verb} shop` is not a dokku command.\n\
                 2> !     See `dokku help` for a list of available commands.\nexit 1\n"
            )
        );
    }
}

#[test]
fn what_can_be_set_and_reported_is_told_by_help() {
    let world = World::new();
    for domain in named() {
        let name = domain.name;
        for (verb, is_there) in [("set", domain.properties.is_some()), ("report", domain.report.is_some())] {
            let page = world.run(&format!("{name}:{verb} --help"));
            let is_told = page.contains(&format!("Usage: dokku {name}:{verb} ")) && !page.contains("2>");
            assert!(is_told || !is_there, "{name}:{verb} --help\n{page}");
        }
    }
    let page = world.run("builds:set --help");
    assert!(page.contains("    max-parallel ") && page.contains("--global only"), "{page}");
    assert!(page.contains("unless set: 256m"), "{page}");
    assert!(world.run("builds:report --help").contains("    --builds-retention\n"));
}

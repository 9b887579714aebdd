//! That each trigger is declared, and fired where Dokku fires it: read in the sources as text.

use std::collections::BTreeMap;

use dokku::domains;
use dokku::triggers;

use super::facts::{TO_COME, TRIGGERS};
use crate::support::World;
use crate::support::authority::{Issued, self_signed};
use crate::support::sources::{Source, below, root};

fn facts() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    TRIGGERS.lines().map(|line| {
        let mut words = line.split(' ');
        (words.next().expect("a name"), words.collect())
    })
}

#[test]
fn each_trigger_of_dokku_is_declared() {
    let known: Vec<&str> = triggers::all().map(|trigger| trigger.name).collect();
    let missing: Vec<&str> = facts().map(|(name, _)| name).filter(|name| !known.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(facts().count(), 190);
}

/// What `Name = "its-name"` says in the declarations.
fn types() -> BTreeMap<String, String> {
    let mut types = BTreeMap::new();
    for source in below("src", ".rs") {
        if !source.path.starts_with("src/triggers/") && !source.path.ends_with("/entry_triggers.rs") {
            continue;
        }
        for line in source.text.lines() {
            let declared = line
                .trim()
                .split_once(" = \"")
                .and_then(|(name, rest)| Some((name.to_owned(), rest.split_once("\" {")?.0.to_owned())));
            types.extend(declared.map(|(name, trigger)| (trigger, name)));
        }
    }
    types
}

/// Where a trigger is made to be fired: its type with a body, in no pattern and no declaration.
fn fires(source: &Source, name: &str) -> bool {
    let code = source.code();
    if source.path.starts_with("src/kernel/") {
        // The kernel looks first whether anybody listens, or runs the file itself.
        return code.contains(&format!("{name}::NAME"));
    }
    code.match_indices(name).any(|(at, _)| {
        let before = code[..at].trim_end_matches("triggers::");
        let is_whole = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let is_made = code[at + name.len()..].starts_with(" {");
        let line = before.rsplit('\n').next().unwrap_or_default().trim_start();
        let is_pattern = line.starts_with("let ") && !line.contains('=');
        let is_type =
            ["->", "for", "struct", "impl", "enum", "&"].iter().any(|word| before.trim_end().ends_with(word));
        is_whole && is_made && !is_pattern && !is_type
    })
}

#[test]
fn each_trigger_is_fired_by_whom_dokku_has_fire_it() {
    let (types, sources) = (types(), below("src", ".rs"));
    let mut findings = Vec::new();
    for (trigger, places) in facts() {
        let Some(name) = types.get(trigger) else {
            findings.push(format!("{trigger}: no declaration was found"));
            continue;
        };
        for place in places {
            let folder = match place {
                "-" | "plugins" => continue,
                "deploy" | "kernel" | "triggers" => format!("src/{place}/"),
                domain => format!("src/domains/{domain}/"),
            };
            if is_to_come(place) {
                continue;
            }
            let mut files = sources.iter().filter(|source| source.path.starts_with(&folder));
            if !files.any(|source| fires(source, name)) {
                findings.push(format!("{trigger}: {folder} does not fire it ({name})"));
            }
        }
    }
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

fn is_to_come(place: &str) -> bool {
    TO_COME.iter().any(|(word, _)| *word == place)
}

#[test]
fn who_has_come_is_no_longer_to_come() {
    let commands: Vec<&str> =
        domains::ALL.iter().flat_map(|domain| domain.commands).map(|entry| entry.name).collect();
    let is_here = |place: &str| commands.contains(&place) || root().join("src/domains").join(place).is_dir();
    let come: Vec<&str> = TO_COME.iter().map(|(word, _)| *word).filter(|word| is_here(word)).collect();
    assert!(come.is_empty(), "take them off the list: {come:?}");
    let unused: Vec<&str> = TO_COME
        .iter()
        .map(|(word, _)| *word)
        .filter(|word| !facts().any(|(_, places)| places.contains(word)))
        .collect();
    assert!(unused.is_empty(), "nobody waits for them: {unused:?}");
}

/// Those that plugins fire at the core, or listen for in vain.
#[test]
fn what_nothing_in_the_core_fires_is_answered_all_the_same() {
    let world = World::new();
    let folder = world.layout.root.join("pair");
    std::fs::create_dir_all(&folder).expect("a folder");
    let Issued { certificate, key } = self_signed("shop.example.com", (2025, 2035));
    for (name, text) in [("crt", &certificate), ("key", &key)] {
        std::fs::write(folder.join(name), text).expect("written");
    }
    let pair = format!("{}/crt {}/key", folder.display(), folder.display());
    let answers = [
        ("app-create", "shop".to_owned(), "-----> Creating shop...\n"),
        ("certs-set", format!("shop {pair}"), ""),
        ("certs-remove", "shop".to_owned(), "-----> Removing SSL endpoint from shop\n"),
        ("cron-get-property", "shop maintenance".to_owned(), "false\n"),
        ("cron-write", String::new(), "written docker-local\n"),
        ("logs-get-property", "shop max-size".to_owned(), "10m\n"),
        ("post-release-lambda", "shop latest".to_owned(), "heard shop latest\n"),
        ("app-destroy", "--force shop".to_owned(), ""),
    ];
    world.add_plugin("listener", "scheduler-cron-write", "echo \"written ${1:-docker-local}\"");
    world.add_plugin("listener", "post-release-lambda", r#"echo "heard $*""#);
    let mut fired: Vec<&str> = Vec::new();
    for (trigger, arguments, answer) in &answers {
        fired.push(trigger);
        let words = if *trigger == "app-destroy" { "shop" } else { arguments };
        let line = format!("--force plugin:trigger {trigger} {words}");
        let told = world.run(&line);
        assert!(told.contains(answer) && !told.contains("exit "), "{line}: {told}");
        if *trigger == "certs-set" {
            assert_eq!(world.run("plugin:trigger certs-get shop key"), key);
            assert_eq!(world.run("plugin:trigger certs-exists shop"), "true\n");
        }
    }
    assert!(!world.run("apps:list").contains("shop"));
    fired.sort_unstable();
    let nobody: Vec<&str> = facts().filter(|(_, places)| *places == ["-"]).map(|(name, _)| name).collect();
    assert_eq!(nobody, fired, "the eight");
}

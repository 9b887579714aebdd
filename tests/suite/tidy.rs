//! The house rules that the compiler does not know, held by reading the sources as text.

use std::collections::BTreeSet;

use crate::support::sources::{Source, below, file, root};

/// The rooms, lowest first; a room may use those that stand before it.
const ROOMS: &[&[&str]] = &[
    &["model"],
    &["platform"],
    &["store"],
    &["kernel"],
    &["triggers"],
    &["deploy"],
    &["domains", "external"],
    &["init", "server"],
    &["programs"],
    &["main", "serve", "pid1", "lib"],
];

/// A file longer than this must be split; most should stay below a quarter of it.
const LONGEST_FILE: usize = 600;

/// Crates and modules that touch the world outside, and so belong into `platform`.
const WORLD: &[&str] = &[
    "bollard",
    "nix",
    "rustix",
    "tempfile",
    "std::fs",
    "std::os::unix::net",
    "std::net::TcpListener",
    "std::net::TcpStream",
    "std::net::UdpSocket",
    "std::process::Command",
    "std::process::Stdio",
    "std::env",
    "std::time::SystemTime",
    "tokio::fs",
    "tokio::net",
    "tokio::process",
    "tokio::signal",
    "hyper",
    "hyper_util",
];

/// Who may touch some of it none the less, and why.
const WORLD_EXCEPT: &[(&str, &str, &str)] = &[];

fn rank(room: &str) -> Option<usize> {
    ROOMS.iter().position(|level| level.contains(&room))
}

fn sources() -> Vec<Source> {
    let sources = below("src", ".rs");
    assert!(sources.len() > 10, "the sources were not found below {}", root().display());
    sources
}

/// Fails with all findings at once: who tidies wants to see the whole list.
fn none(findings: Vec<String>) {
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

/// What a file names of our own crate, `super` resolved.
fn named_rooms(source: &Source) -> Vec<Vec<String>> {
    let mut paths: Vec<Vec<String>> = source.paths_from("crate").into_iter().collect();
    if matches!(source.path.as_str(), "src/main.rs" | "src/serve.rs" | "src/pid1.rs") {
        paths.extend(source.paths_from("dokku"));
    }
    let module = source.module();
    let climbs = source.paths_from("super");
    for path in climbs {
        let up = 1 + path.iter().take_while(|part| *part == "super").count();
        let mut absolute: Vec<String> =
            module[..module.len().saturating_sub(up)].iter().map(|part| (*part).to_owned()).collect();
        absolute.extend(path[up - 1..].iter().cloned());
        if module.len() >= up && absolute.len() > module.len() - up {
            paths.push(absolute);
        }
    }
    paths
}

#[test]
fn a_room_uses_only_the_rooms_below_it() {
    let mut findings = Vec::new();
    for source in sources() {
        let module = source.module();
        let room = module[0];
        let Some(own) = rank(room) else {
            findings.push(format!("{}: the room {room} has no place in ROOMS", source.path));
            continue;
        };
        for path in named_rooms(&source) {
            let Some(other) = rank(&path[0]) else { continue };
            if other > own || (other == own && path[0] != room) {
                findings.push(format!("{}: {room} may not use {}", source.path, path.join("::")));
            }
        }
    }
    none(findings);
}

#[test]
fn no_domain_uses_another() {
    let mut findings = Vec::new();
    for source in sources() {
        let module = source.module();
        for path in named_rooms(&source) {
            let names_a_domain = path[0] == "domains" && path.len() > 1;
            let own = module[0] == "domains" && module.get(1).copied() == path.get(1).map(String::as_str);
            // The list itself is made in domains/mod.rs, which names them all as its own modules.
            if names_a_domain && !own && module != ["domains"] && path[1] != "ALL" {
                findings.push(format!("{}: names the domain {}", source.path, path.join("::")));
            }
            if module[0] == "server" && path[0] == "domains" {
                findings
                    .push(format!("{}: the server is handed its commands and names no domain", source.path));
            }
        }
    }
    none(findings);
}

#[test]
fn only_platform_touches_the_world() {
    let mut findings = Vec::new();
    for source in sources() {
        let room = source.module()[0].to_owned();
        if room == "platform" || room == "main" {
            continue;
        }
        let code = source.code();
        let excepted = |name: &str| {
            WORLD_EXCEPT.iter().any(|(path, allowed, _)| source.path.starts_with(path) && name == *allowed)
        };
        for name in WORLD.iter().filter(|name| !excepted(name)) {
            let (first, rest) = name.split_once("::").unwrap_or((name, ""));
            if source.paths_from(first).iter().any(|path| path.join("::").starts_with(rest)) {
                findings.push(format!("{}: {name} belongs into platform", source.path));
            }
        }
        if code.contains("gix_") {
            findings.push(format!("{}: gix belongs into platform", source.path));
        }
        if source.text.contains("clippy::disallowed_methods") {
            findings
                .push(format!("{}: the lint disallowed_methods is lifted in platform alone", source.path));
        }
    }
    none(findings);
}

#[test]
fn the_model_is_pure_and_synchronous() {
    let mut findings = Vec::new();
    for source in sources().iter().filter(|source| source.path.starts_with("src/model/")) {
        let code = source.code();
        for word in
            ["async ", "tokio", "std::fs", "std::io", "std::env", "std::process", "SystemTime", "Instant"]
        {
            if code.contains(word) {
                findings.push(format!("{}: {} has no place in the model", source.path, word.trim()));
            }
        }
    }
    none(findings);
}

/// The names in `src/triggers`, as the macro there spells them. Those of a single word are left out:
/// `install` and `report` are words for other things too.
fn trigger_names() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for source in below("src/triggers", ".rs") {
        for line in source.text.lines() {
            if let Some((_, rest)) = line.split_once(" = \"")
                && let Some((name, rest)) = rest.split_once('"')
                && rest.trim_start().starts_with('{')
                && name.contains('-')
            {
                names.insert(name.to_owned());
            }
        }
    }
    names
}

#[test]
fn the_name_of_a_trigger_is_spelled_in_triggers_alone() {
    let names = trigger_names();
    let mut findings = Vec::new();
    for source in sources().iter().filter(|source| !source.path.starts_with("src/triggers/")) {
        let body = source.text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        // A row of a report may be called like a trigger: `--git-deploy-branch`.
        let is_row = |line: &str| line.contains("Key::") || line.trim_start().starts_with("flag: ");
        for line in body.lines().filter(|line| !line.trim_start().starts_with("//") && !is_row(line)) {
            for text in line.split('"').skip(1).step_by(2).filter(|text| names.contains(*text)) {
                findings.push(format!("{}: spells the trigger {text}", source.path));
            }
        }
    }
    none(findings);
}

#[test]
fn printing_goes_through_out_alone() {
    let mut findings = Vec::new();
    for source in sources() {
        let module = source.module();
        if module[0] == "platform" || module[0] == "main" {
            continue;
        }
        for path in source.paths_from("std") {
            if matches!(path.join("::").as_str(), "io::stdout" | "io::stderr") {
                findings.push(format!("{}: prints past ctx.out", source.path));
            }
        }
    }
    none(findings);
}

#[test]
fn files_are_short() {
    let mut findings = Vec::new();
    for source in sources().iter().chain(&below("tests", ".rs")) {
        let lines = source.text.lines().count();
        if lines > LONGEST_FILE {
            findings.push(format!("{}: {lines} lines, more than {LONGEST_FILE}: split it", source.path));
        }
    }
    none(findings);
}

#[test]
fn every_file_is_listed_where_it_stands() {
    let sources = sources();
    let mut findings = Vec::new();
    for source in &sources {
        let (folder, file) = source.path.rsplit_once('/').expect("below src");
        let (listing, name) = match (folder, file) {
            ("src", "main.rs" | "serve.rs" | "pid1.rs" | "lib.rs") => continue,
            ("src", _) => ("src/lib.rs".to_owned(), file.trim_end_matches(".rs")),
            (_, "mod.rs") => {
                let (above, name) = folder.rsplit_once('/').expect("below src");
                (if above == "src" { "src/lib.rs".to_owned() } else { format!("{above}/mod.rs") }, name)
            }
            _ => (format!("{folder}/mod.rs"), file.trim_end_matches(".rs")),
        };
        let Some(list) = sources.iter().find(|other| other.path == listing) else {
            findings.push(format!("{}: there is no {listing}", source.path));
            continue;
        };
        if !list.text.lines().any(|line| line.trim().ends_with(&format!("mod {name};"))) {
            findings.push(format!("{}: {listing} does not list it", source.path));
        }
        if !source.path.starts_with("src/domains/") {
            continue;
        }
        // A reaction's line stands in the mod.rs of its domain, one above `on/`.
        let table = listing.replace("/on/mod.rs", "/mod.rs");
        let table = sources.iter().find(|other| other.path == table).map_or("", |other| other.text.as_str());
        for (shape, line) in [(" Command for ", "entry::<"), (" Reaction for ", "listener::<")] {
            if source.code().contains(shape)
                && !table.split(line).skip(1).any(|rest| rest.contains(&format!("{name}::")))
            {
                findings.push(format!("{}: the domain's table has no {line}…{name}::…>() line", source.path));
            }
        }
    }
    none(findings);
}

#[test]
fn links_in_the_documents_lead_somewhere() {
    let mut findings = Vec::new();
    let pages = below("docs", ".md").into_iter().chain([file("README.md")]);
    for page in pages {
        let folder = root().join(&page.path).parent().expect("a file has a folder").to_owned();
        for (start, _) in page.text.match_indices("](") {
            let target = page.text[start + 2..].split([')', '#', ' ']).next().unwrap_or_default();
            let outside = target.contains("://") || target.starts_with("mailto:") || target.is_empty();
            if !outside && !folder.join(target).exists() {
                findings.push(format!("{}: {target} is not there", page.path));
            }
        }
    }
    none(findings);
}

#[test]
fn each_difference_names_tests_that_are_there() {
    let page = file("docs/differences.md");
    let tested: Vec<Source> = sources()
        .into_iter()
        .chain(below("tests/suite", ".rs"))
        .filter(|source| source.text.contains("#[test]") || source.text.contains("#[tokio::test"))
        .collect();
    let mut findings = Vec::new();
    let rows = page.text.lines().filter(|line| line.starts_with("| ")).skip(1);
    for row in rows {
        let named = row.trim_end_matches([' ', '|']).rsplit('|').next().unwrap_or_default();
        let named: Vec<&str> = named.split('`').skip(1).step_by(2).collect();
        if named.is_empty() {
            findings.push(format!("names no test: {row}"));
        }
        for name in named {
            let path = name.replace("::", "/");
            let places = [format!("src/{path}"), format!("tests/suite/{path}")];
            let stands = |source: &Source| {
                places.iter().any(|place| {
                    source
                        .path
                        .strip_prefix(place.as_str())
                        .is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
                })
            };
            if !tested.iter().any(stands) {
                findings.push(format!("there are no tests in {name}: {row}"));
            }
        }
    }
    none(findings);
}

#[test]
fn the_top_level_is_what_the_layout_says() {
    let tracked = std::process::Command::new("git").arg("-C").arg(root()).args(["ls-files"]).output();
    let Some(tracked) = tracked.ok().filter(|output| output.status.success()) else {
        println!("SKIPPED: this is no clone");
        return;
    };
    let listed = String::from_utf8_lossy(&tracked.stdout).into_owned();
    let mut names: Vec<&str> = listed.lines().filter_map(|path| path.split('/').next()).collect();
    names.dedup();
    names.retain(|name| !name.starts_with('.'));
    let page = file("docs/project-layout.md").text;
    let known = ["Cargo.toml", "Cargo.lock", "README.md", "LICENSE"];
    none(
        names
            .iter()
            .filter(|name| !known.contains(name) && !page.contains(&format!("`{name}")))
            .map(|name| format!("{name}: docs/project-layout.md does not say what it is"))
            .collect(),
    );
}

#[test]
fn compose_runs_it_as_the_run_line_does() {
    let compose: serde_yaml::Value = serde_yaml::from_str(&file("compose.yaml").text).expect("YAML");
    let service = &compose["services"]["dokku"];
    assert_eq!(service["network_mode"], "bridge");
    assert_eq!(service["restart"], "unless-stopped");
    assert_eq!(service["image"], "dokku/dokku:latest");
    let mounts: Vec<&str> =
        service["volumes"].as_sequence().expect("a list").iter().filter_map(|mount| mount.as_str()).collect();
    assert_eq!(mounts, ["dokku:/mnt/dokku", "/var/run/docker.sock:/var/run/docker.sock"]);
    for mount in mounts {
        assert!(file("README.md").text.contains(&format!("-v {mount}")), "README runs it with {mount} too");
    }
}

#[test]
fn no_file_knows_one_persons_machine() {
    let mut findings = Vec::new();
    // Spelled in two halves, so that this file does not find itself.
    let words = [concat!("/wor", "k/"), concat!("/home/", "user"), concat!("reg", "istry.internal")];
    let folders = [("src", ""), ("image", ""), ("docs", ".md"), ("tests", "")];
    for source in folders.into_iter().flat_map(|(folder, ending)| below(folder, ending)) {
        for (number, line) in source.text.lines().enumerate() {
            for word in words.iter().filter(|word| line.contains(**word)) {
                findings.push(format!("{}:{}: {word}", source.path, number + 1));
            }
        }
    }
    none(findings);
}

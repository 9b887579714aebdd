//! Licences and sources of what we depend on, by the lists in `.deny.toml`. Says the same as
//! `cargo deny check licenses bans sources`, on machines that do not have it.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use crate::support::sources::root;

const PUBLIC_REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Package entries of `cargo metadata`, our own left out.
fn packages() -> Vec<serde_json::Value> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--format-version=1",
            "--locked",
            "--offline",
            "--filter-platform=x86_64-unknown-linux-gnu",
        ])
        .current_dir(root())
        .output()
        .expect("cargo runs, it started this test");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    let packages = metadata["packages"].as_array().expect("a list of packages");
    packages.iter().filter(|package| package["name"] != "dokku").cloned().collect()
}

fn allowed_licences() -> BTreeSet<String> {
    let text = fs::read_to_string(root().join(".deny.toml")).expect("the file is in the clone");
    let table: toml::Table = text.parse().expect("it is TOML");
    let list = table["licenses"]["allow"].as_array().expect("a list").clone();
    list.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

/// Whether an SPDX expression can be satisfied by allowed licences alone. A slash is the old way to
/// write OR; AND binds closer than OR.
fn satisfied(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    either(&mut words.as_slice(), allowed)
}

fn either(words: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    let mut result = both(words, allowed);
    while let Some((&"OR", rest)) = words.split_first() {
        *words = rest;
        result |= both(words, allowed);
    }
    result
}

fn both(words: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    let mut result = licence(words, allowed);
    while let Some((&"AND", rest)) = words.split_first() {
        *words = rest;
        result &= licence(words, allowed);
    }
    result
}

fn licence(words: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    let Some((first, rest)) = words.split_first() else { return false };
    *words = rest;
    if *first == "(" {
        let result = either(words, allowed);
        *words = words.get(1..).unwrap_or_default();
        return result;
    }
    if let [with @ "WITH", exception, rest @ ..] = *words {
        *words = rest;
        return allowed.contains(&format!("{first} {with} {exception}"));
    }
    allowed.contains(*first)
}

#[test]
fn every_licence_is_one_of_the_allowed() {
    let allowed = allowed_licences();
    let mut findings = Vec::new();
    for package in packages() {
        let licence = package["license"].as_str().unwrap_or("(none)");
        if !satisfied(licence, &allowed) {
            findings.push(format!("{} {}: {licence}", package["name"], package["version"]));
        }
    }
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

#[test]
fn every_source_is_the_public_registry() {
    let strangers: Vec<_> =
        packages().into_iter().filter(|package| package["source"] != PUBLIC_REGISTRY).collect();
    assert!(strangers.is_empty(), "{strangers:#?}");
}

#[test]
fn expressions_are_read_as_spdx_means_them() {
    let allowed =
        BTreeSet::from(["MIT".to_owned(), "Zlib".to_owned(), "Apache-2.0 WITH LLVM-exception".to_owned()]);
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("MIT/GPL-3.0", true),
        ("MIT AND GPL-3.0", false),
        ("GPL-3.0 OR MIT AND Zlib", true),
        ("(GPL-3.0 OR MIT) AND Zlib", true),
        ("(GPL-3.0 OR MIT) AND Apache-2.0", false),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("GPL-3.0 WITH LLVM-exception OR MIT", true),
    ] {
        assert_eq!(satisfied(expression, &allowed), expected, "{expression}");
    }
}

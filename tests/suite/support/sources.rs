//! Our own source files, read as text: what a file is called, which paths it names.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The clone that these tests were compiled from.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A text file of the clone.
pub struct Source {
    /// Relative to the clone, for example `src/model/app_name.rs`.
    pub path: String,
    /// As it is.
    pub text: String,
}

impl Source {
    /// The module that the file is, from below `src`: `domains::apps` for its `mod.rs` too.
    pub fn module(&self) -> Vec<&str> {
        let inner = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        inner.split('/').filter(|part| *part != "mod").collect()
    }

    /// The file without comments, string contents, and its own tests: what the compiler acts on.
    pub fn code(&self) -> String {
        // Tests that lend their tools to the tests beside them are visible there.
        let starts = ["#[cfg(test)]\nmod tests {", "#[cfg(test)]\npub(super) mod tests {"];
        let start = starts.iter().find_map(|start| self.text.find(start)).unwrap_or(self.text.len());
        blank_comments_and_strings(&self.text[..start])
    }

    /// Every path in the code that begins with `first`, groups in braces taken apart.
    pub fn paths_from(&self, first: &str) -> BTreeSet<Vec<String>> {
        let code = self.code();
        let mut found = BTreeSet::new();
        for (start, _) in code.match_indices(first) {
            let inside_a_word =
                code[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
            let rest = &code[start + first.len()..];
            if !inside_a_word && let Some(rest) = rest.strip_prefix("::") {
                let mut taken = Vec::new();
                expand(rest, Vec::new(), &mut taken);
                found.extend(taken);
            }
        }
        found
    }
}

/// One file of the clone, empty if it cannot be read.
pub fn file(path: &str) -> Source {
    Source { path: path.to_owned(), text: fs::read_to_string(root().join(path)).unwrap_or_default() }
}

/// All files with this ending below a folder of the clone, sorted by path.
pub fn below(folder: &str, ending: &str) -> Vec<Source> {
    let mut files = Vec::new();
    walk(&root().join(folder), &mut files);
    files.sort();
    let relative = |path: &PathBuf| path.strip_prefix(root()).expect("below the root").display().to_string();
    files
        .iter()
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .filter_map(|path| Some(Source { path: relative(path), text: fs::read_to_string(path).ok()? }))
        .collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// `a::{b, c::D}` becomes `a::b` and `a::c::D`. Returns what follows the path.
fn expand<'t>(text: &'t str, before: Vec<String>, found: &mut Vec<Vec<String>>) -> &'t str {
    if let Some(mut rest) = text.strip_prefix('{') {
        loop {
            rest = rest.trim_start_matches([' ', '\n', ',']);
            if let Some(after) = rest.strip_prefix('}') {
                return after;
            }
            let next = expand(rest, before.clone(), found);
            if next.len() == rest.len() {
                return rest;
            }
            rest = next.strip_prefix(" as ").map_or(next, |renamed| {
                renamed.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_')
            });
        }
    }
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '*')).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if name.is_empty() {
        return text;
    }
    let mut path = before;
    path.push(name.to_owned());
    match rest.strip_prefix("::") {
        Some(deeper)
            if deeper.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '{' || c == '*') =>
        {
            expand(deeper, path, found)
        }
        Some(_) | None => {
            found.push(path);
            rest
        }
    }
}

fn blank_comments_and_strings(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or_default();
        for (position, part) in line.split('"').enumerate() {
            code.push_str(if position % 2 == 0 { part } else { "\"\"" });
        }
        code.push('\n');
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        let source = Source { path: "src/x.rs".into(), text: text.into() };
        source.paths_from("crate").iter().map(|path| path.join("::")).collect()
    }

    #[test]
    fn groups_are_taken_apart() {
        assert_eq!(
            paths(
                "use crate::kernel::{self, Ctx, bus::{Bus, Registry}};\nlet x = crate::model::AppName::parse(a);"
            ),
            [
                "kernel::Ctx",
                "kernel::bus::Bus",
                "kernel::bus::Registry",
                "kernel::self",
                "model::AppName::parse"
            ]
        );
        assert_eq!(paths("use crate::{model::*, store as s, platform};"), ["model::*", "platform", "store"]);
    }

    #[test]
    fn comments_strings_and_tests_do_not_count() {
        assert!(
            paths(
                "// crate::a\nlet x = \"crate::b\"; // crate::c\n#[cfg(test)]\nmod tests {\n use crate::d;\n}"
            )
            .is_empty()
        );
    }
}

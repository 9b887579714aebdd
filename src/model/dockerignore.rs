//! `.dockerignore`: which files of a tree a build does not see.
//!
//! The rules are moby's (github.com/moby/patternmatcher, and `ignorefile` beside it): a pattern fits a
//! path when it fits the path itself or a folder above it; of all patterns that fit, the last one
//! decides; `!` makes an exception. BuildKit's Dockerfile frontend reads the file itself
//! (`Dockerfile.dockerignore` before `.dockerignore`) and hands us the patterns; it asks for both files
//! and for the Dockerfile apart from the context, so they reach the engine whatever the patterns say.

use regex::Regex;

use super::{Fault, Outcome};

/// The patterns of a `.dockerignore`, ready to be asked.
#[derive(Clone, Debug, Default)]
pub struct Dockerignore(Vec<Pattern>);

#[derive(Clone, Debug)]
struct Pattern {
    regex: Regex,
    is_exception: bool,
}

impl Dockerignore {
    /// Reads the file's text: a pattern a line, `#` at the very start of a line is a comment.
    ///
    /// # Errors
    /// A pattern that is none, named.
    pub fn parse(text: &str) -> Outcome<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines = text.lines().filter(|line| !line.starts_with('#')).map(str::trim);
        let patterns = lines.filter(|line| !line.is_empty()).map(|line| match line.strip_prefix('!') {
            Some(rest) => format!("!{}", rooted(rest.trim())),
            None => rooted(line),
        });
        Dockerignore::of_patterns(patterns)
    }

    /// Takes patterns that somebody has read already.
    ///
    /// # Errors
    /// A pattern that is none, named.
    pub fn of_patterns<P: AsRef<str>>(patterns: impl IntoIterator<Item = P>) -> Outcome<Self> {
        let mut compiled = Vec::new();
        for pattern in patterns {
            let pattern = pattern.as_ref().trim();
            if pattern.is_empty() {
                continue;
            }
            let (is_exception, bare) = match pattern.strip_prefix('!') {
                Some(bare) => (true, bare),
                None => (false, pattern),
            };
            let bare = clean(bare);
            if is_exception && bare == "." {
                return Err(Fault::new("illegal exclusion pattern in .dockerignore: \"!\""));
            }
            let regex = Regex::new(&regex_of(&bare)).map_err(|error| {
                Fault::new(format!("illegal pattern in .dockerignore: {pattern}")).caused_by(error)
            })?;
            compiled.push(Pattern { regex, is_exception });
        }
        Ok(Dockerignore(compiled))
    }

    /// True without patterns: everything is seen.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True when the build does not see this path (without leading slash, parts joined by `/`).
    pub fn excludes(&self, path: &str) -> bool {
        let mut excluded = false;
        for pattern in &self.0 {
            // A pattern that would not change the answer need not be asked.
            if pattern.is_exception == excluded && pattern.fits(path) {
                excluded = !pattern.is_exception;
            }
        }
        excluded
    }
}

impl Pattern {
    fn fits(&self, path: &str) -> bool {
        let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
        self.regex.is_match(path) || folders.into_iter().any(|folder| self.regex.is_match(folder))
    }
}

/// A leading slash means nothing: all patterns start at the root.
fn rooted(pattern: &str) -> String {
    let cleaned = clean(pattern);
    match cleaned.strip_prefix('/') {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => cleaned,
    }
}

/// Go's `filepath.Clean`: no empty, `.` and `..` parts where they can be resolved, no trailing slash.
fn clean(path: &str) -> String {
    let is_rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            ".." if is_rooted => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (is_rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

/// The pattern as a regular expression: `*` and `?` stop at slashes, `**` does not.
fn regex_of(pattern: &str) -> String {
    let mut regex = String::from("(?s)^");
    let mut chars = pattern.chars().peekable();
    let mut at_start = true;
    while let Some(c) = chars.next() {
        match c {
            '*' if chars.next_if_eq(&'*').is_some() => {
                let slash = chars.next_if_eq(&'/').is_some();
                let rest_is_plain = chars.clone().all(|c| !"*?[]\\".contains(c));
                if chars.peek().is_none() {
                    regex.push_str(".*");
                } else if at_start && !slash && rest_is_plain {
                    // moby takes `**foo` for "ends with foo", though `**/foo` needs a whole part.
                    regex.push_str(".*");
                } else {
                    regex.push_str("(?:.*/)?");
                }
            }
            '*' => regex.push_str("[^/]*"),
            '?' => regex.push_str("[^/]"),
            '\\' => match chars.next() {
                Some(next) => regex.push_str(&regex::escape(&next.to_string())),
                None => regex.push_str("\\\\"),
            },
            // Character classes have the same shape in both languages.
            '[' | ']' => regex.push(c),
            '^' | '-' => regex.push(c),
            c => regex.push_str(&regex::escape(&c.to_string())),
        }
        at_start = false;
    }
    regex.push('$');
    regex
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, excluded: &[&str], seen: &[&str]) {
        let ignore = Dockerignore::parse(text).expect("good patterns");
        for path in excluded {
            assert!(ignore.excludes(path), "{path} is seen in spite of {text:?}");
        }
        for path in seen {
            assert!(!ignore.excludes(path), "{path} is not seen because of {text:?}");
        }
    }

    #[test]
    fn a_plain_name_is_a_path_from_the_root() {
        check(
            "node_modules",
            &["node_modules", "node_modules/a/b.js"],
            &["src/node_modules", "node_modules2"],
        );
        check("a/b", &["a/b", "a/b/c"], &["a", "b", "x/a/b", "a/bc"]);
    }

    #[test]
    fn slashes_and_dots_around_a_pattern_mean_nothing() {
        for pattern in ["/build", "build/", "/build/", "./build", " build ", "x/../build"] {
            check(pattern, &["build", "build/out"], &["src/build"]);
        }
    }

    #[test]
    fn one_star_stops_at_a_slash_two_do_not() {
        check("*.log", &["a.log", ".log"], &["dir/a.log", "a.log2"]);
        check("*/temp*", &["a/temp", "a/tempo/x"], &["temp", "a/b/temp"]);
        check("**/*.log", &["a.log", "a/b/c.log"], &["a.logs"]);
        check("**/foo", &["foo", "a/foo", "a/b/foo/c"], &["xfoo"]);
        check("**foo", &["foo", "xfoo", "a/xfoo"], &["foox"]);
        check("a/**/b", &["a/b", "a/x/b", "a/x/y/b"], &["ab", "a/xb"]);
        check("a/**", &["a/b", "a/b/c"], &["b"]);
        check("**", &["a", "a/b"], &[]);
        check("temp?", &["tempa"], &["temp", "temp/a", "tempab"]);
    }

    #[test]
    fn the_last_pattern_that_fits_decides() {
        check("*.md\n!README.md", &["a.md"], &["README.md"]);
        check("*.md\n!README*.md\nREADME-secret.md", &["README-secret.md", "x.md"], &["README-a.md"]);
        check("!README.md\n*.md", &["README.md"], &[]);
        check("*\n!src", &["a", "b/c"], &["src", "src/a/b"]);
        check("dir\n!dir/keep", &["dir", "dir/other"], &["dir/keep", "dir/keep/a"]);
        check("! a\nb", &["b"], &["a"]);
    }

    #[test]
    fn comments_begin_at_the_first_column() {
        check("# a comment\n\n  \nfoo", &["foo"], &["# a comment"]);
        check(" #foo", &["#foo"], &["foo"]);
        check("\u{feff}foo", &["foo"], &[]);
        check("foo\r\nbar\r\n", &["foo", "bar"], &[]);
    }

    #[test]
    fn characters_that_mean_something_elsewhere_mean_themselves() {
        check("a.b+c(d){e}|f$", &["a.b+c(d){e}|f$"], &["axb+c(d){e}|f$"]);
        check(r"\*", &["*"], &["a"]);
        check("[ab].txt", &["a.txt", "b.txt"], &["c.txt"]);
        check("[^a].txt", &["b.txt"], &["a.txt"]);
        check("[a-c].txt", &["b.txt"], &["d.txt"]);
        check("a^b-c", &[], &["x"]);
    }

    #[test]
    fn what_is_no_pattern_is_named() {
        for text in ["!", "a\n[", "[]"] {
            let message = Dockerignore::parse(text).expect_err("no pattern").message;
            assert!(message.starts_with("illegal"), "{message}");
        }
    }

    #[test]
    fn nothing_excludes_nothing() {
        check("", &[], &["a", "a/b"]);
        check("# only a comment", &[], &["a"]);
    }
}

//! Where a buildpack comes from (contract: formats.md section 7).

use std::fmt;
use std::str::FromStr;

use super::{Fault, Outcome};

/// The address of a buildpack. `owner/name` is short for a repository of that owner at GitHub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildpackUrl(String);

impl FromStr for BuildpackUrl {
    type Err = Fault;

    fn from_str(text: &str) -> Outcome<Self> {
        if text.is_empty() {
            return Err(Fault::new("Must specify a buildpack url or reference"));
        }
        if let Some((owner, name)) =
            text.split_once('/').filter(|(owner, name)| is_word(owner) && is_word(name))
        {
            let owner = if owner == "heroku-community" { "heroku" } else { owner };
            return Ok(BuildpackUrl(format!("https://github.com/{owner}/heroku-buildpack-{name}.git")));
        }
        if is_url(text) {
            return Ok(BuildpackUrl(text.to_owned()));
        }
        Err(Fault::new(format!("Invalid buildpack specified: {text}")).hint(
            "a buildpack is owner/name, as heroku/nodejs, or the http, https or git url of its repository",
        ))
    }
}

impl fmt::Display for BuildpackUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// `SCHEME://HOST/OWNER/REPOSITORY`, or `git@HOST:OWNER/REPOSITORY`.
fn is_url(text: &str) -> bool {
    let rest = ["https", "http", "git"].iter().find_map(|scheme| {
        let rest = text.strip_prefix(scheme)?;
        rest.strip_prefix("://").or_else(|| rest.strip_prefix('@'))
    });
    let parts = rest.and_then(|rest| {
        let (host, rest) = rest.split_once(['/', ':'])?;
        let (owner, repository) = rest.split_once('/')?;
        Some([host, owner, repository])
    });
    parts.is_some_and(|[host, owner, repository]| {
        !host.is_empty() && !owner.is_empty() && !owner.contains(':') && !repository.is_empty()
    })
}

/// The text of a `.buildpacks` file, short forms written out. Empty lines and comments stay.
///
/// # Errors
/// A line that is no buildpack. The message counts lines from 0, as Dokku does.
pub fn expand_file(text: &str) -> Outcome<String> {
    let mut expanded = String::new();
    for (number, line) in text.lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            expanded.push_str(line);
        } else {
            let url: BuildpackUrl = line.parse().map_err(|fault: Fault| Fault {
                message: format!("Unable to parse .buildpacks file, line {number}: {fault}"),
                ..fault
            })?;
            expanded.push_str(&url.to_string());
        }
        expanded.push('\n');
    }
    Ok(expanded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_are_repositories_at_github() {
        for (text, url) in [
            ("heroku/nodejs", "https://github.com/heroku/heroku-buildpack-nodejs.git"),
            ("heroku-community/apt", "https://github.com/heroku/heroku-buildpack-apt.git"),
            ("https://github.com/dokku/buildpack-null", "https://github.com/dokku/buildpack-null"),
            ("git@github.com:a/b.git#v1", "git@github.com:a/b.git#v1"),
        ] {
            assert_eq!(text.parse::<BuildpackUrl>().expect("a buildpack").to_string(), url);
        }
        for text in ["", "nodejs", "/nodejs", "http://nodejs", "ftp://a/b/c", "https://host/owner", "a/b/c"] {
            assert!(text.parse::<BuildpackUrl>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_file_is_expanded_line_by_line() {
        let text = "# first\nheroku/go\n\nhttps://h/o/r\n";
        let expanded = "# first\nhttps://github.com/heroku/heroku-buildpack-go.git\n\nhttps://h/o/r\n";
        assert_eq!(expand_file(text).expect("a file"), expanded);
        let fault = expand_file("heroku/go\nnodejs\n").expect_err("no buildpack");
        assert!(fault.to_string().contains(".buildpacks file, line 1"), "{fault}");
    }
}

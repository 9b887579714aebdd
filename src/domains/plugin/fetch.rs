//! A plugin's code from where it is kept.

use std::path::Path;

use crate::kernel::{Ctx, Failure, Result};
use crate::platform::git::{CloneLimits, CloneRequest, Cloned, clone, unpack};

/// True for what plugins may come from (contract: plugin-abi.md, section 12).
pub fn is_url(word: &str) -> bool {
    ["https:", "git", "ssh:", "file:"].iter().any(|prefix| word.starts_with(prefix)) || is_archive(word)
}

/// True for an archive; anything else is a repository.
pub fn is_archive(url: &str) -> bool {
    ARCHIVES.iter().any(|suffix| url.ends_with(suffix))
}

const ARCHIVES: [&str; 2] = [".tar.gz", ".tgz"];

/// What is said of anything else.
pub fn refuse(ctx: &Ctx) -> Failure {
    ctx.out.warn("First argument must be --core or url to plugin");
    ctx.out.warn("Valid prefixes: https:, git:, ssh:, file:");
    ctx.out.warn("Valid suffixes: .tar.gz, .tgz");
    Failure::user("Please retry with valid arguments")
}

/// The name of a plugin whose user gave it none: the last part of the URL, without `.git` or an archive's suffix and a leading `dokku-`.
pub fn default_name(url: &str) -> &str {
    let last = url.trim_end_matches('/').rsplit(['/', ':']).next().unwrap_or(url);
    let last = [".git"].iter().chain(&ARCHIVES).find_map(|suffix| last.strip_suffix(suffix)).unwrap_or(last);
    last.strip_prefix("dokku-").unwrap_or(last)
}

/// Clones it into the folder, which must not be there, and tells how it goes.
///
/// # Errors
/// When it cannot be had, or needs other repositories.
pub fn fetch(ctx: &Ctx, url: &str, committish: Option<&str>, target: &Path) -> Result<Cloned> {
    let out = ctx.out.unless_quiet();
    let cloned = clone(&request(ctx, url, committish, target, &|line| out.detail(line)))?;
    for path in &cloned.submodules {
        ctx.out.warn(format!("{path} is a submodule, which is not fetched: the folder is empty"));
    }
    Ok(cloned)
}

/// Unpacks it into the folder, which must not be there.
///
/// # Errors
/// When it cannot be had, or is no archive that could be unpacked.
pub fn fetch_archive(ctx: &Ctx, url: &str, target: &Path) -> Result {
    Ok(unpack(&request(ctx, url, None, target, &|_| ()))?)
}

fn request<'a>(
    ctx: &'a Ctx,
    url: &'a str,
    committish: Option<&'a str>,
    target: &'a Path,
    progress: &'a (dyn Fn(&str) + Sync),
) -> CloneRequest<'a> {
    CloneRequest { url, committish, target, env: &ctx.env, limits: CloneLimits::default(), progress }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_urls() {
        for (url, name) in [
            ("https://github.com/dokku/dokku-redis.git", "redis"),
            ("https://github.com/dokku/smoke-test-plugin", "smoke-test-plugin"),
            ("git@github.com:dokku/dokku-maintenance.git", "maintenance"),
            ("file:///srv/dokku-toys/", "toys"),
            ("https://example.com/dokku-toys.tar.gz", "toys"),
            ("http://example.com/toys.tgz", "toys"),
        ] {
            assert_eq!(default_name(url), name, "{url}");
        }
    }
}

//! The repository of an app.

use std::sync::Arc;

use crate::kernel::{Buffers, Ctx, Result, Stream};
use crate::model::AppName;
use crate::platform::files;
use crate::platform::git::Repository;
use crate::store::properties;
use crate::triggers;

/// The app that git means by a repository name: `'/hello'`, `hello`, `hello.git`, `~/hello`.
///
/// # Errors
/// When it cannot be an app's name.
pub fn app_of(name: &str) -> Result<AppName> {
    let name = name.trim_matches(|c| c == '\'' || c == '"');
    let name = name.trim_start_matches("~/").trim_matches('/');
    Ok(name.strip_suffix(".git").unwrap_or(name).parse()?)
}

/// Makes the app on the first talk with git, as Dokku does; one that is there must be visible to the caller.
///
/// # Errors
/// When apps are not made by themselves, or the name cannot be one.
pub async fn make_app(ctx: &Ctx, app: &AppName) -> Result {
    if ctx.fire(triggers::AppExists { app: app.clone() }).await.is_ok() {
        return ctx.require_app(app);
    }
    // Standard output belongs to git; whatever is said meanwhile is said only when it failed.
    let buffers = Arc::new(Buffers::default());
    let outcome = ctx.printing_to(buffers.clone()).fire(triggers::AppMaybeCreate { app: app.clone() }).await;
    if outcome.is_err() {
        let _ = ctx.out.raw(Stream::Stderr, buffers.text(Stream::Stderr).as_bytes());
    }
    outcome
}

/// The branch whose push deploys: of the app, else the global one, else master.
///
/// # Errors
/// When the store cannot be read.
pub fn deploy_branch(ctx: &Ctx, app: &AppName) -> Result<String> {
    Ok(properties::computed(ctx.layout(), "git", &app.into(), "deploy-branch", "master")?)
}

/// `main` of `refs/heads/main`.
pub fn short_name(reference: &str) -> &str {
    let branch = reference.strip_prefix("refs/heads/").or_else(|| reference.strip_prefix("refs/tags/"));
    branch.unwrap_or(reference)
}

/// The repository of the app, made when it is not there yet. Its HEAD is the deploy branch.
///
/// # Errors
/// When it cannot be made or opened.
pub fn initialize(ctx: &Ctx, app: &AppName) -> Result<Repository> {
    let branch = deploy_branch(ctx, app)?;
    let repository = Repository::init(&ctx.layout().app(app), &branch, Some(&hook(ctx, app)))?;
    if repository.head_branch()?.as_deref() != Some(branch.as_str()) {
        repository.set_head_branch(&branch)?;
    }
    Ok(repository)
}

/// Gives an app a copy of another's repository; one that is not there is none to copy. Objects are never
/// written again once they are there, so both apps share those files.
///
/// # Errors
/// When something cannot be read or written.
pub fn copy(ctx: &Ctx, old: &AppName, new: &AppName) -> Result {
    let (from, to) = (ctx.layout().app(old), ctx.layout().app(new));
    if !Repository::exists(&from) {
        return Ok(());
    }
    files::share_all(&from.join("objects"), &to.join("objects"))?;
    for name in ["packed-refs", "refs", "HEAD", "config"] {
        files::copy_all(&from.join(name), &to.join(name))?;
    }
    initialize(ctx, new).map(drop)
}

/// `hooks/pre-receive`, as Dokku writes it: for the way back, and for whoever pushes into the folder itself.
fn hook(ctx: &Ctx, app: &AppName) -> String {
    format!(
        "#!/usr/bin/env bash\nset -e\nset -o pipefail\n\ncat | DOKKU_ROOT=\"{}\" dokku git-hook \"{app}\"\n",
        ctx.layout().root.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn git_names_apps_in_many_ways() {
        for name in ["hello", "'hello'", "'/hello'", "/hello", "hello.git", "'~/hello'", "'hello/'"] {
            assert_eq!(app_of(name).map(|app| app.to_string()).ok().as_deref(), Some("hello"), "{name}");
        }
        for name in ["", "'/'", "'../hello'", "'/a/b'", "'Hello'", "'hello; ls'"] {
            assert!(app_of(name).is_err(), "{name}");
        }
    }
}

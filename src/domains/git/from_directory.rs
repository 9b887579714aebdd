//! Code that comes as files instead of a push: they become a commit, and the commit a release.

use std::path::Path;
use std::sync::Arc;

use crate::deploy::{self, Code};
use crate::kernel::{Ctx, Failure, Result};
use crate::model::AppName;
use crate::platform::git::{CommitPlan, Expected, RefChange, Storage};
use crate::platform::source::CommitSource;
use crate::store::builds::Source;

use super::repository;

/// Who makes commits when nobody was named.
const NAME: &str = "Dokku";
const EMAIL: &str = "automated@dokku.sh";

/// Who makes the commit; empty words stand for the server itself.
pub struct Author<'a> {
    /// A name.
    pub name: &'a str,
    /// A mail address.
    pub email: &'a str,
}

/// Commits the files of a folder on top of the deploy branch and deploys them. The branch moves when the release is
/// accepted, as with a push.
///
/// # Errors
/// When nothing changed, or whatever goes wrong in the build or the deploy.
pub async fn deploy(ctx: &Ctx, app: &AppName, folder: &Path, author: &Author<'_>) -> Result {
    let branch = format!("refs/heads/{}", repository::deploy_branch(ctx, app)?);
    let repository = repository::initialize(ctx, app)?;
    let parent = repository.resolve(&branch)?;
    ctx.out.step("Updating git repository with specified build context");
    let time = ctx.platform.clock.now().as_second();
    let message = match parent {
        None => "Initial commit".to_owned(),
        Some(_) => format!("Automated commit @ {time}"),
    };
    let or = |word: &str, default: &str| if word.is_empty() { default.to_owned() } else { word.to_owned() };
    let (name, email) = (or(author.name, NAME), or(author.email, EMAIL));
    let Some(commit) =
        repository.commit_folder(folder, &CommitPlan { parent, name, email, message, time })?
    else {
        ctx.out.warn("No changes detected, skipping git commit");
        ctx.out.warn("Call 'ps:rebuild' on app to rebuild the app from existing source");
        return Err(Failure::inner(1));
    };
    let code = Code {
        source: Arc::new(CommitSource::new(repository.tree(&commit)?, time)),
        revision: commit.to_string(),
        git_env: Vec::new(),
        is_still_good: None,
        deploy_branch: None,
    };
    let source = ctx.env.get("DOKKU_BUILD_SOURCE").map_or(Source::GitFromArchive, Source::from_word);
    let _turn = deploy::receive(ctx, app, code, source).await?;
    let expected = parent.map_or(Expected::Absent, Expected::Is);
    let change = RefChange { name: branch, expected, new: Some(commit) };
    let refusal =
        repository.refs().change(&[change], &Storage::default()).map(|mut said| said.pop().flatten());
    if let Ok(None) = refusal {
        return deploy::commit(ctx, app).await;
    }
    // The branch does not have what was released: as with a push, what served before serves again.
    deploy::settle(ctx, app).await?;
    let refusal = refusal?.unwrap_or_default();
    Err(Failure::user(format!("The branch has moved meanwhile: {refusal}"))
        .hint("Another push was deployed while this one was built: run the command again"))
}

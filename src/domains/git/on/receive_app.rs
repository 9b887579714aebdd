use std::sync::Arc;

use crate::deploy::{self, Code};
use crate::kernel::{Ctx, Failure, Reaction, Result};
use crate::platform::source::CommitSource;
use crate::store::builds::Source;
use crate::triggers;

use super::super::repository;

/// `receive-app`: builds and deploys the stored code, the deploy branch's or a revision's.
pub struct ReceiveApp;

impl Reaction for ReceiveApp {
    type Trigger = triggers::ReceiveApp;

    async fn react(ctx: &Ctx, trigger: &triggers::ReceiveApp) -> Result {
        let app = &trigger.app;
        let branch = repository::deploy_branch(ctx, app)?;
        let repository = repository::initialize(ctx, app)?;
        let name = if trigger.revision.is_empty() { &branch } else { &trigger.revision };
        let Some(found) = repository.resolve(name)? else {
            return Err(Failure::user(format!("Cannot build {app}: there are no commits stored at {name}"))
                .hint(format!("Push first: git push <dokku> <branch>:{branch}")));
        };
        let objects = repository.objects()?;
        let commit = repository.commit_info(&objects.peel(&found)?)?;
        let code = Code {
            revision: commit.id.to_string(),
            source: Arc::new(CommitSource::new(repository.tree(&commit.id)?, commit.time)),
            git_env: Vec::new(),
            is_still_good: None,
            deploy_branch: None,
        };
        let source = ctx.env.get("DOKKU_BUILD_SOURCE").map_or(Source::PsRebuild, Source::from_word);
        let _turn = deploy::receive(ctx, app, code, source).await?;
        deploy::commit(ctx, app).await
    }
}

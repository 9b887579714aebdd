use crate::deploy::{self, Code};
use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::platform::git::Repository;
use crate::platform::source::CommitSource;
use crate::store::builds::Source;
use std::path::Path;
use std::sync::Arc;

use super::repository;

/// Deploy what a pre-receive hook was told (called by the repository's hook)
///
/// Reads `OLD NEW REFERENCE` lines on standard input. Our own git server decides on a push by itself; this serves
/// a plain `git` that pushes into the repository's folder.
#[derive(clap::Args)]
pub struct GitHook {
    /// Name of the app
    app: AppName,
}

impl Command for GitHook {
    const NAME: &'static str = "git-hook";
    const GATE: Gate = Gate::Internal;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        let branch = repository::deploy_branch(ctx, &self.app)?;
        let lines = ctx.platform.stdin.read_all()?;
        for line in String::from_utf8_lossy(&lines).lines() {
            let mut words = line.split_whitespace();
            let (Some(_), Some(new), Some(name)) = (words.next(), words.next(), words.next()) else {
                continue;
            };
            let is_deletion = new.bytes().all(|byte| byte == b'0');
            if name == format!("refs/heads/{branch}") && !is_deletion {
                self.deploy(ctx, new).await?;
            }
        }
        Ok(())
    }
}

impl GitHook {
    async fn deploy(&self, ctx: &Ctx, revision: &str) -> Result {
        let repository = Repository::open(&ctx.layout().app(&self.app))?;
        // While the hook runs, git keeps the new objects in a quarantine that it names in the environment.
        let quarantine = ctx.env.get("GIT_OBJECT_DIRECTORY").map(Path::new);
        let Some((tree, commit)) = repository.tree_in_quarantine(quarantine, revision)? else {
            return Err(Failure::user(format!("Commit {revision} is not there")));
        };
        let code = Code {
            source: Arc::new(CommitSource::new(tree, commit.time)),
            revision: commit.id.to_string(),
            git_env: Vec::new(),
            is_still_good: None,
            deploy_branch: None,
        };
        let _turn = deploy::receive(ctx, &self.app, code, Source::GitHook).await?;
        deploy::commit(ctx, &self.app).await
    }
}

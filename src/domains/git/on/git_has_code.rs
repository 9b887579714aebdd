use crate::domains::git::repository::deploy_branch;
use crate::kernel::{Ctx, Failure, Reaction, Result};
use crate::platform::git::Repository;
use crate::triggers::GitHasCode;

/// Fails unless the branch has a commit.
pub struct OnGitHasCode;

impl Reaction for OnGitHasCode {
    type Trigger = GitHasCode;

    async fn react(ctx: &Ctx, trigger: &GitHasCode) -> Result {
        let branch = match trigger.branch.as_str() {
            "" => deploy_branch(ctx, &trigger.app)?,
            name => name.to_owned(),
        };
        let folder = ctx.layout().app(&trigger.app);
        let has_code = Repository::exists(&folder)
            && Repository::open(&folder)?.resolve(&format!("refs/heads/{branch}"))?.is_some();
        if has_code { Ok(()) } else { Err(Failure::inner(1)) }
    }
}

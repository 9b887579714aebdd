use crate::domains::git::repository::deploy_branch;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers::GitDeployBranch;

/// Answers with the branch whose push deploys.
pub struct OnGitDeployBranch;

impl Reaction for OnGitDeployBranch {
    type Trigger = GitDeployBranch;

    async fn react(ctx: &Ctx, trigger: &GitDeployBranch) -> Result<String> {
        deploy_branch(ctx, &trigger.app)
    }
}

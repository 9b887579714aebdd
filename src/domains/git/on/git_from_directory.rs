use std::path::Path;

use crate::domains::git::from_directory::{Author, deploy};
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers::GitFromDirectory;

/// Makes a commit of a folder and deploys it.
pub struct OnGitFromDirectory;

impl Reaction for OnGitFromDirectory {
    type Trigger = GitFromDirectory;

    async fn react(ctx: &Ctx, trigger: &GitFromDirectory) -> Result {
        let author = Author { name: &trigger.user_name, email: &trigger.user_email };
        deploy(ctx, &trigger.app, Path::new(&trigger.work_dir), &author).await
    }
}

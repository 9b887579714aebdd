//! Repositories of apps.

use crate::kernel::trigger;
use crate::model::AppName;

trigger! {
    /// Before somebody fetches from the app's repository; a failure forbids it.
    GitPrePull = "git-pre-pull" { app: AppName } -> ()

    /// After somebody fetched from the app's repository.
    GitPostPull = "git-post-pull" { app: AppName } -> ()

    /// The branch whose push deploys: of the app, else the global one, else master.
    GitDeployBranch = "git-deploy-branch" { app: AppName } -> String

    /// A property of the git domain as it is stored.
    GitGetProperty = "git-get-property" { app: AppName, key: String } -> String

    /// Fails unless the branch, or the deploy branch, has a commit.
    GitHasCode = "git-has-code" { app: AppName, branch: String } -> ()

    /// The commit that is deployed.
    GitRevision = "git-revision" { app: AppName } -> String
}

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

    /// Deploys the files of an archive at this address. `kind` is `tar`, `tar.gz` or `zip`.
    GitFromArchive = "git-from-archive" { app: AppName, url: String, kind: String, user_name: String, user_email: String } -> ()

    /// Deploys the files of a folder, as a commit of this user.
    GitFromDirectory = "git-from-directory" { app: AppName, work_dir: String, user_name: String, user_email: String } -> ()

    /// Deploys an image, with the files of a folder beside it.
    GitFromImage = "git-from-image" { app: AppName, image: String, build_dir: String, user_name: String, user_email: String } -> ()

    /// Fails unless the branch, or the deploy branch, has a commit.
    GitHasCode = "git-has-code" { app: AppName, branch: String } -> ()

    /// The commit that is deployed.
    GitRevision = "git-revision" { app: AppName } -> String
}

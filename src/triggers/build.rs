//! From code to an image.

use crate::kernel::trigger;
use crate::model::AppName;

trigger! {
    /// Builds an app's image from its stored repository, or from this revision of it.
    ReceiveApp = "receive-app" { app: AppName, revision: String } -> ()

    /// A branch was pushed that is not the app's deploy branch.
    ReceiveBranch = "receive-branch" { app: AppName, revision: String, reference: String } -> ()

    /// The code is there, before the builder is chosen. Core domains take their files out of it.
    CorePostExtract = "core-post-extract" { app: AppName, work_dir: String, revision: String } -> ()

    /// As `core-post-extract`, for plugins.
    PostExtract = "post-extract" { app: AppName, work_dir: String, revision: String } -> ()

    /// Which builder knows this code? The first name that is printed wins, so plugin order is precedence.
    BuilderDetect = "builder-detect" { app: AppName, work_dir: String } -> Vec<String>

    /// The builder is known; a failure ends the deploy.
    PreReceiveApp = "pre-receive-app" { app: AppName, builder: String, work_dir: String, revision: String } -> ()

    /// Stores a property of the builder domain: which builder the last build used.
    BuilderSetProperty = "builder-set-property" { app: AppName, key: String, value: String } -> ()

    /// Whether an image was built with Cloud Native Buildpacks.
    BuilderImageIsCnb = "builder-image-is-cnb" { app: AppName, image: String } -> bool

    /// Whether an image was built with herokuish, or behaves as if.
    BuilderImageIsHerokuish = "builder-image-is-herokuish" { app: AppName, image: String } -> bool

    /// A property of the builder domain as it is stored for the app.
    BuilderGetProperty = "builder-get-property" { app: AppName, key: String } -> String

    /// Before the build; a failure ends the deploy.
    PreBuild = "pre-build" { builder: String, app: AppName, work_dir: String } -> ()

    /// Builds the image. Builders whose name is not the first argument do nothing.
    BuilderBuild = "builder-build" { builder: String, app: AppName, work_dir: String } -> ()

    /// After the image was built.
    PostBuild = "post-build" { builder: String, app: AppName, work_dir: String } -> ()

    /// Before the builder's release step: variables of app.json, the task before the deploy.
    PreReleaseBuilder = "pre-release-builder" { builder: String, app: AppName, image: String } -> ()

    /// The builder's release step.
    BuilderRelease = "builder-release" { builder: String, app: AppName, image_tag: String } -> ()

    /// Before a released image is deployed. Deprecated.
    PreDeploy = "pre-deploy" { app: AppName, image_tag: String } -> ()

    /// After the builder's release step: the release task, the scale of new process types.
    PostReleaseBuilder = "post-release-builder" { builder: String, app: AppName, image: String } -> ()
}

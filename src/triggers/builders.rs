//! What single builders ask and tell besides what all of them do.

use crate::kernel::trigger;
use crate::model::{AppName, Scope};

trigger! {
    /// Before the build of a Dockerfile. Deprecated.
    PreBuildDockerfile = "pre-build-dockerfile" { app: AppName } -> ()

    /// After the image of a Dockerfile was built. Deprecated.
    PostBuildDockerfile = "post-build-dockerfile" { app: AppName } -> ()

    /// Before the release of an image from a Dockerfile. Deprecated.
    PreReleaseDockerfile = "pre-release-dockerfile" { app: AppName, image_tag: String } -> ()

    /// Whether code that herokuish would build may be built by it.
    BuilderHerokuishAllowed = "builder-herokuish-allowed" { app: AppName } -> ()

    /// A herokuish image is about to be built; what it says goes to the log.
    BuilderCreateDokkuImage = "builder-create-dokku-image" { builder: String, app: AppName, work_dir: String, image: String } -> ()

    /// The image to build on with herokuish instead of the given one.
    BuilderDokkuImage = "builder-dokku-image" { builder: String, app: AppName, work_dir: String, image: String } -> String

    /// The stack to build on, for builders with buildpacks: the app's, else the global one; nothing without either.
    BuildpackStackName = "buildpack-stack-name" { app: AppName } -> String

    /// The stack of buildpacks was changed.
    PostStackSet = "post-stack-set" { scope: Scope, stack: String } -> ()

    /// Before a build by herokuish. Deprecated.
    PreBuildBuildpack = "pre-build-buildpack" { app: AppName, work_dir: String } -> ()

    /// After a build by herokuish. Deprecated.
    PostBuildBuildpack = "post-build-buildpack" { app: AppName, work_dir: String } -> ()

    /// Before the release of a herokuish image. Deprecated.
    PreReleaseBuildpack = "pre-release-buildpack" { app: AppName, image_tag: String } -> ()

    /// Before the build of a lambda image. Deprecated.
    PreBuildLambda = "pre-build-lambda" { app: AppName } -> ()

    /// After a lambda image was built. Deprecated.
    PostBuildLambda = "post-build-lambda" { app: AppName } -> ()

    /// Before the release of a lambda image. Deprecated.
    PreReleaseLambda = "pre-release-lambda" { app: AppName, image_tag: String } -> ()

    /// Nobody fires it: kept for plugins that have it.
    PostReleaseLambda = "post-release-lambda" { app: AppName, image_tag: String } -> ()

    /// Before a build by Cloud Native Buildpacks. Deprecated.
    PreBuildPack = "pre-build-pack" { app: AppName, work_dir: String } -> ()

    /// After a build by Cloud Native Buildpacks. Deprecated.
    PostBuildPack = "post-build-pack" { app: AppName, work_dir: String } -> ()

    /// Before the release of an image of Cloud Native Buildpacks. Deprecated.
    PreReleasePack = "pre-release-pack" { app: AppName, image_tag: String } -> ()

    /// A timer for the builder's cache is to be set up.
    InstallBuilderPrune = "install-builder-prune" {} -> ()
}

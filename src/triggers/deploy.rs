//! From an image to running containers.

use crate::kernel::{Ctx, Result, trigger};
use crate::model::{AppName, ProcessType};

trigger! {
    /// Releases and deploys the image an app has. `source` says what for: `config-redeploy`, `ps:start`.
    ReleaseAndDeploy = "release-and-deploy" { app: AppName, image_tag: String, source: String } -> ()

    /// Deploys the image an app has, or one process type of it, without a release.
    Deploy = "deploy" { app: AppName, image_tag: String, process_type: Option<ProcessType> } -> ()

    /// Replaces the containers of an app. Schedulers whose name is not the first argument do nothing.
    SchedulerDeploy = "scheduler-deploy" { scheduler: String, app: AppName, image_tag: String, process_type: Option<ProcessType> } -> ()

    /// The new containers of a process type are up: the proxy turns to those of web.
    SchedulerPostDeployProcess = "scheduler-post-deploy-process" { app: AppName, process_type: ProcessType } -> ()

    /// A container was made and is not started yet. `kind` is `app`, or `service` for one of a plugin.
    PostContainerCreate = "post-container-create" { kind: String, container_id: String, app: String, phase: String, process_type: Option<ProcessType> } -> ()

    /// The new containers serve. For core domains: networks, files of the release become current.
    CorePostDeploy = "core-post-deploy" { app: AppName, port: String, ip: String, image_tag: String } -> ()

    /// The new containers serve, for plugins and the task after the deploy.
    PostDeploy = "post-deploy" { app: AppName, port: String, ip: String, image_tag: String } -> ()

    /// Where the code of an app came from: `git-push` and the commit, for example.
    DeploySourceSet = "deploy-source-set" { app: AppName, source_type: String, metadata: String } -> ()

    /// Asks under which tag the app's image was pushed to a registry; nothing when it was not.
    DeployedAppImageTag = "deployed-app-image-tag" { app: AppName } -> String

    /// Asks for the registry the app's image was pushed to, with a slash at its end; nothing for the Docker Hub.
    DeployedAppRepository = "deployed-app-repository" { app: AppName } -> String

    /// Asks for the repository the app's image was pushed to; nothing where that is `dokku/APP`.
    DeployedAppImageRepo = "deployed-app-image-repo" { app: AppName } -> String

    /// Somebody logged in to a registry; the password stands in DOCKER_REGISTRY_PASS.
    PostRegistryLogin = "post-registry-login" { server: String, user_name: String } -> ()
}

/// The tag of the image that the app runs: what a registry has it under, else the one given, else `latest`.
///
/// # Errors
/// When a listener fails.
pub async fn running_tag(ctx: &Ctx, app: &AppName, given: &str) -> Result<String> {
    let deployed = ctx.fire(DeployedAppImageTag { app: app.clone() }).await?;
    let known = [deployed.as_str(), given].into_iter().find(|tag| !tag.is_empty());
    Ok(known.unwrap_or("latest").to_owned())
}

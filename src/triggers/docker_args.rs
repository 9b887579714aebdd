//! Options that domains and plugins add to containers and builds. Listeners get empty standard input
//! and print options of the docker client, with a space in front.

use crate::kernel::trigger;
use crate::model::{AppName, ProcessType};

trigger! {
    /// For the build of an image.
    DockerArgsBuild = "docker-args-build" { app: AppName, builder: String } reads Nothing -> String

    /// For the build of an image: limits and network.
    DockerArgsProcessBuild = "docker-args-process-build" { app: AppName, builder: String } reads Nothing -> String

    /// For a container of the app, or of a task of app.json (then without process type).
    DockerArgsDeploy = "docker-args-deploy" { app: AppName, image_tag: String, process_type: Option<ProcessType>, container_index: Option<u32> } reads Nothing -> String

    /// For a container of a process type: limits, logs, restart policy, proxy labels.
    DockerArgsProcessDeploy = "docker-args-process-deploy" { app: AppName, builder: String, image_tag: String, process_type: Option<ProcessType>, container_index: Option<u32> } reads Nothing -> String

    /// For a one-off container.
    DockerArgsRun = "docker-args-run" { app: AppName, image_tag: String } reads Nothing -> String

    /// For a one-off container: limits and network.
    DockerArgsProcessRun = "docker-args-process-run" { app: AppName, builder: String, image_tag: String } reads Nothing -> String
}

/// What the listeners of these triggers printed, as one line of options: some end what they print by a newline.
pub fn options(printed: [String; 2]) -> String {
    printed.join(" ").replace('\n', " ")
}

//! What runs of an app, and how much of it.

use crate::kernel::trigger;
use crate::model::{AppName, ProcessType};

trigger! {
    /// The app was stopped by its owner.
    PostStop = "post-stop" { app: AppName } -> ()

    /// A stopped app is about to be started.
    PreStart = "pre-start" { app: AppName } -> ()

    /// Apps are about to be started, as after a boot.
    PreRestore = "pre-restore" {} -> ()

    /// Success says that the app has a Procfile, failure that it has none.
    ProcfileExists = "procfile-exists" { app: AppName } -> ()

    /// The command of a process type, variables filled in. Nothing without a Procfile or an entry.
    ProcfileGetCommand = "procfile-get-command" { app: AppName, process_type: ProcessType, port: String } -> String

    /// Whether `ps:scale` may change the app: its app.json may have taken that over.
    PsCanScale = "ps-can-scale" { app: AppName, can_scale: bool } -> ()

    /// The scale: `web=1` lines, sorted, none after the last.
    PsCurrentScale = "ps-current-scale" { app: AppName } -> String

    /// The effective value of restart-policy, restore, skip-deploy or stop-timeout-seconds.
    PsGetProperty = "ps-get-property" { app: AppName, key: String } -> String

    /// Change the scale to these `web=1` words.
    PsSetScale = "ps-set-scale" { app: AppName, skip_deploy: bool, clear_existing: bool, words: Vec<String> } -> ()

    /// The app.json of the deploy in progress, or of the running release; `{}` without one.
    AppJsonGetContent = "app-json-get-content" { app: AppName } -> String

    /// An app.json was taken out of the source: failure with a text refuses it.
    AppJsonIsValid = "app-json-is-valid" { app: AppName, path: String } -> ()

    /// How many containers of a process type are deployed at once.
    AppJsonProcessDeployParallelism = "app-json-process-deploy-parallelism" { app: AppName, process_type: ProcessType } -> String

    /// A new container has to show that it works; failure says it does not. Also `checks:run`, then without index.
    CheckDeploy = "check-deploy" { app: AppName, container_id: String, process_type: ProcessType, port: String, ip: String, index: String } -> ()

    /// The effective value of wait-to-retire.
    ChecksGetProperty = "checks-get-property" { app: AppName, key: String } -> String

    /// The effective value of max-size.
    LogsGetProperty = "logs-get-property" { app: AppName, key: String } -> String
}

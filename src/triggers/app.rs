//! Apps come and go.

use crate::kernel::trigger;
use crate::model::AppName;

trigger! {
    /// Start the containers of an app anew.
    AppRestart = "app-restart" { app: AppName } -> ()

    /// Makes an app, as `apps:create` does.
    AppCreate = "app-create" { app: AppName } -> ()

    /// Makes an app that is not there yet, silently, unless that is turned off: for a push to a new name.
    AppMaybeCreate = "app-maybe-create" { app: AppName } -> ()

    /// Destroys an app, as `apps:destroy` does.
    AppDestroy = "app-destroy" { app: AppName } -> ()

    /// Fails unless the app is there.
    AppExists = "app-exists" { app: AppName } -> ()

    /// Asks for all apps; with the argument `false` also for those that the caller may not see.
    AppList = "app-list" { filter: String } -> Vec<String>

    /// Prints what is known of an app, for `dokku report`.
    Report = "report" { app: AppName } -> ()

    /// An app was made: each domain makes what it needs for it.
    PostCreate = "post-create" { app: AppName } -> ()

    /// An app is about to be destroyed; a failure keeps it.
    PreDelete = "pre-delete" { app: AppName, image_tag: String } -> ()

    /// An app is being destroyed: each domain forgets what it knows. The app's folder is still there and goes last.
    PostDelete = "post-delete" { app: AppName, image_tag: String } -> ()

    /// Another app of the same data is being made: each domain copies what it knows.
    PostAppCloneSetup = "post-app-clone-setup" { old: AppName, new: AppName } -> ()

    /// An app was cloned, with all its data; its code is built now, unless the environment says SKIP_REBUILD=true.
    PostAppClone = "post-app-clone" { old: AppName, new: AppName } -> ()

    /// An app is getting another name: each domain moves what it knows.
    PostAppRenameSetup = "post-app-rename-setup" { old: AppName, new: AppName } -> ()

    /// An app got another name, with all its data; its code is built now, unless the environment says SKIP_REBUILD=true.
    PostAppRename = "post-app-rename" { old: AppName, new: AppName } -> ()
}

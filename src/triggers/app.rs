//! Apps come and go.

use crate::kernel::trigger;
use crate::model::AppName;

trigger! {
    /// An app was made: each domain makes what it needs for it.
    PostCreate = "post-create" { app: AppName } -> ()

    /// An app is about to be destroyed; a failure keeps it.
    PreDelete = "pre-delete" { app: AppName, image_tag: String } -> ()

    /// An app is being destroyed: each domain forgets what it knows. The app's folder is still there and goes last.
    PostDelete = "post-delete" { app: AppName, image_tag: String } -> ()

    /// Another app of the same data is being made: each domain copies what it knows.
    PostAppCloneSetup = "post-app-clone-setup" { old: AppName, new: AppName } -> ()

    /// An app was cloned, with all its data; its code is built now.
    PostAppClone = "post-app-clone" { old: AppName, new: AppName } -> ()

    /// An app is getting another name: each domain moves what it knows.
    PostAppRenameSetup = "post-app-rename-setup" { old: AppName, new: AppName } -> ()

    /// An app got another name, with all its data; its code is built now.
    PostAppRename = "post-app-rename" { old: AppName, new: AppName } -> ()
}

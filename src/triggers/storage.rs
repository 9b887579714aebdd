//! Storage entries.

use crate::kernel::trigger;
use crate::model::AppName;

trigger! {
    /// The mounts of an app in a phase, as a JSON list of entry and attachment.
    StorageAppMounts = "storage-app-mounts" { app: AppName, phase: String } -> String

    /// An entry whose volume the scheduler keeps was made or changed; it stands on standard input.
    StorageCreate = "storage-create" { entry: String } reads Json -> ()

    /// An entry whose volume the scheduler keeps goes; it stands on standard input.
    StorageDestroy = "storage-destroy" { entry: String } reads Json -> ()

    /// The mounts of an app in a phase. Deprecated.
    StorageList = "storage-list" { app: AppName, phase: String, format: String } -> ()

    /// How the scheduler's volume of an entry stands, which is on standard input: `Bound`, `Pending` or `Lost`.
    StorageStatus = "storage-status" { entry: String } reads Json -> String

    /// Opens a shell, or runs a command, in a container beside an entry. Words: `--interactive`, `--tty`,
    /// `--as-user UID`, then `--` and the command.
    SchedulerStorageExec = "scheduler-storage-exec" { scheduler: String, entry: String, image: String, words: Vec<String> } -> ()
}

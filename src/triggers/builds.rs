//! Build records.

use crate::kernel::trigger;
use crate::model::AppName;

trigger! {
    /// Asks for an id for a new build.
    BuildsGenerateId = "builds-generate-id" {} -> String

    /// A build began, done by the process of this number.
    BuildsRecordStart = "builds-record-start" { app: AppName, build_id: String, pid: u32, source: String } -> ()

    /// A build ended with this exit status. A record that is final already stays as it is.
    BuildsRecordFinalize = "builds-record-finalize" { app: AppName, build_id: String, exit_code: String } -> ()
}

//! Where containers can be reached.

use crate::kernel::trigger;
use crate::model::{AppName, ProcessType};

trigger! {
    /// Bring the remembered addresses of an app's containers up to date.
    NetworkBuildConfig = "network-build-config" { app: AppName } -> ()

    /// The routes of an app are being forgotten.
    NetworkClearConfig = "network-clear-config" { app: AppName } -> ()

    /// Whether the app's first web container has an address on record.
    NetworkConfigExists = "network-config-exists" { app: AppName } -> bool

    /// The address of a container that the proxy can use.
    NetworkGetIpaddr = "network-get-ipaddr" { app: AppName, process_type: ProcessType, container: String } -> String

    /// `address:port` of each container of a process type, separated by spaces.
    NetworkGetListeners = "network-get-listeners" { app: AppName, process_type: Option<ProcessType> } -> String

    /// The effective value of a network property.
    NetworkGetProperty = "network-get-property" { app: AppName, key: String } -> String

    /// The fixed upstream of an app, if it has one.
    NetworkGetStaticListeners = "network-get-static-listeners" { app: AppName, process_type: String } -> String

    /// Remember the address of a container.
    NetworkWriteIpaddr = "network-write-ipaddr" { app: AppName, process_type: ProcessType, index: u32, address: String } -> ()

    /// Remember the port of a container.
    NetworkWritePort = "network-write-port" { app: AppName, process_type: ProcessType, index: u32, port: String } -> ()
}

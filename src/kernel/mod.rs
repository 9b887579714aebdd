//! What a domain is made of: commands, properties, reports, triggers, output, failures. Knows no
//! domain by name.

pub mod all_apps;
mod build_log;
mod bus;
mod call;
mod caller;
mod command;
pub mod confirm;
mod ctx;
pub mod dispatch;
mod domain;
mod entry_triggers;
mod event_log;
pub mod exports;
mod failure;
pub mod fetch;
mod flags;
mod function;
pub mod help;
mod hint;
pub mod json;
mod listener;
mod output;
mod payload;
mod plugin_command;
pub mod plugin_container;
mod plugin_daemon;
mod plugin_host;
pub mod program;
mod property;
mod report;
pub mod table;
mod trigger;

pub use build_log::BuildLog;
pub use bus::{Bus, Host, Plugin, Registry};
pub use call::{Input, Reply, Stdin};
pub use caller::Caller;
pub use command::{BoxFuture, Command, Entry, Gate, entry};
pub use ctx::Ctx;
pub use domain::{Alias, Domain, Gone};
pub use entry_triggers::{Commands, UserAuth, UserAuthApp};
pub use event_log::VARIABLE as EVENTS_VARIABLE;
pub use failure::{Failure, Kind, Result};
pub use flags::Flags;
pub use function::{Does, Function};
pub use listener::{External, Listener, Reaction, listener};
pub use output::{Buffers, Out, Sink, Stream};
pub use payload::Payload;
pub use property::{Holds, Properties, Property, Style, any, is_global_flag, set, switch};
pub use report::{Key, Report, Shown, Value, report};
pub(crate) use trigger::trigger;
pub use trigger::{Argument, Described, Trigger};

/// The triggers that the kernel itself fires.
pub const ENTRY_TRIGGERS: &[Described] = entry_triggers::FAMILY;

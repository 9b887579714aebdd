//! Builds and deploys, one record and one log each: `data/builds/APP/ID.json`, `ID.log`
//! (contract: layout.md section 4, "Build record keys").

mod end;
mod id;
mod prune;
mod record;
mod records;
pub mod settings;
mod words;

pub use end::{Halted, change, current, halt, supersede, while_running};
pub use id::{is_id, new_id};
pub use prune::{RETENTION, prune, retention};
pub use record::Record;
pub use records::{End, NO_STATUS, all, finish, load, log_path, start, take_back};
pub use words::{Kind, Source, Status, WaitsFor};

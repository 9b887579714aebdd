//! Keys: which ones may enter (`authorized_keys`, in Dokku's format), and by which ones the
//! appliance itself is known (host keys).

mod authorized;
mod conditions;
mod deploy;
mod file;
mod host;
mod options;

pub use authorized::{AuthorizedKey, DEFAULT_RESTRICTIONS, line_for, parse_line};
pub use conditions::{Conditions, Visitor};
pub use deploy::{deploy_key, make_deploy_key};
pub use file::{Admission, Selector, add, admit, list, remove};
pub use host::{load_host_keys, make_rsa_host_key};

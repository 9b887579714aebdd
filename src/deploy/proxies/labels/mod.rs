//! Labels that the user adds to an app's containers for a proxy.

mod add;
mod remove;
mod show;
mod stored;

pub use add::Add;
pub use remove::Remove;
pub use show::Show;
pub use stored::read;

//! The name of a one-off container, `APP.run.N`.

use crate::kernel::{Failure, Result};
use crate::model::AppName;

/// The app in the name.
///
/// # Errors
/// When it is no such name.
pub fn app_of(name: &str) -> Result<AppName> {
    let parts: Vec<&str> = name.rsplitn(3, '.').collect();
    match parts.as_slice() {
        [_, "run", app] => Ok(app.parse()?),
        [_, _, _] => Err(Failure::user("Specified container must be a run container")),
        _ => Err(Failure::user(format!("Invalid container name specified: {name}"))),
    }
}

//! Which release this is.

use super::Layout;
use crate::model::Outcome;
use crate::platform::files;

/// What `STABLE_VERSION` or else `VERSION` in the lib folder says, as in Dokku; without either the version this program was built as.
///
/// # Errors
/// When such a file is there and cannot be read.
pub fn of_volume(layout: &Layout) -> Outcome<String> {
    for path in [layout.stable_version(), layout.version()] {
        let text = files::read_text(&path)?.unwrap_or_default();
        if !text.trim().is_empty() {
            return Ok(text.trim().to_owned());
        }
    }
    Ok(env!("CARGO_PKG_VERSION").to_owned())
}

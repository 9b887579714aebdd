//! The global domain that the container was started with.

use crate::model::{Outcome, Scope};
use crate::platform::files;
use crate::store::Layout;

use super::Found;

/// `DOKKU_HOSTNAME` replaces the global domain at every start, as in the official image. Without it an
/// empty volume gets `localhost`, whose names lead to the machine itself everywhere; a used one keeps what it says.
///
/// # Errors
/// When the file cannot be written.
pub fn set_global_domain(layout: &Layout, given: Option<&str>, found: Found) -> Outcome {
    let path = layout.vhost(&Scope::Global);
    let domain = match (given.map(str::trim).filter(|name| !name.is_empty()), found) {
        (Some(name), _) => name,
        (None, Found::Empty) if !files::exists(&path) => "localhost",
        (None, Found::Empty | Found::Used) => return Ok(()),
    };
    let text = format!("{domain}\n");
    if files::read_text(&path)?.as_deref() == Some(&text) {
        return Ok(());
    }
    files::write(&path, text.as_bytes(), 0o644)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_wins_and_what_a_volume_says_stays() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::below(folder.path());
        let now = |given: Option<&str>, found| {
            set_global_domain(&layout, given, found).unwrap();
            files::read_text(&layout.vhost(&Scope::Global)).unwrap()
        };
        assert_eq!(now(None, Found::Used), None);
        assert_eq!(now(None, Found::Empty).as_deref(), Some("localhost\n"));
        assert_eq!(now(Some("example.com"), Found::Used).as_deref(), Some("example.com\n"));
        assert_eq!(now(None, Found::Used).as_deref(), Some("example.com\n"));
        assert_eq!(now(Some(" "), Found::Empty).as_deref(), Some("example.com\n"));
    }
}

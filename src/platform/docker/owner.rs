//! Whose things these are, on an engine that several appliances share.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use super::Filter;
use crate::platform::files;

/// The appliance that a container, image, network or volume belongs to. What it makes is marked with its id; what
/// bears another's is none of its business. What bears none is everybody's: Dokku's own containers, and those of an
/// appliance before there were ids, are there to be adopted.
#[derive(Clone, Debug, Default)]
pub struct Owner(Arc<Kept>);

#[derive(Debug, Default)]
struct Kept {
    path: Option<PathBuf>,
    id: OnceLock<String>,
}

impl Owner {
    /// The label that holds the id.
    pub const LABEL: &'static str = "com.dokku.owner";

    /// Nobody: marks nothing and sees everything.
    pub fn nobody() -> Self {
        Owner::default()
    }

    /// The one of this id.
    pub fn of_id(id: &str) -> Self {
        Owner(Arc::new(Kept { path: None, id: OnceLock::from(id.to_owned()) }))
    }

    /// The one whose id stands in this file; nobody as long as it is not there.
    pub fn kept_in(path: PathBuf) -> Self {
        Owner(Arc::new(Kept { path: Some(path), id: OnceLock::new() }))
    }

    /// The id. What cannot be read is read again the next time.
    pub fn id(&self) -> Option<&str> {
        if self.0.id.get().is_none() {
            let text = files::read_text(self.0.path.as_ref()?).ok().flatten().unwrap_or_default();
            let text = text.trim();
            if !text.is_empty() {
                // Whoever was faster has read the same.
                let _ = self.0.id.set(text.to_owned());
            }
        }
        self.0.id.get().map(String::as_str)
    }

    /// Marks what is being made.
    pub fn mark(&self, labels: &mut BTreeMap<String, String>) {
        if let Some(id) = self.id() {
            labels.insert(Owner::LABEL.to_owned(), id.to_owned());
        }
    }

    /// True for what is its own, or nobody's.
    pub fn admits(&self, labels: &BTreeMap<String, String>) -> bool {
        match (labels.get(Owner::LABEL).map(String::as_str), self.id()) {
            (Some(theirs), Some(own)) => theirs.is_empty() || theirs == own,
            (None, _) | (_, None) => true,
        }
    }

    /// The filter, said once for what is nobody's and once for its own: the engine has no word for both.
    pub fn filters(&self, filter: &Filter) -> Vec<Filter> {
        match self.id() {
            Some(id) => vec![
                filter.clone().and("label!", Owner::LABEL),
                filter.clone().and("label", format!("{}={id}", Owner::LABEL)),
            ],
            None => vec![filter.clone()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ones_own_and_nobodys_are_admitted() {
        let labels = |id: &str| [(Owner::LABEL.to_owned(), id.to_owned())].into();
        let owner = Owner::of_id("a");
        assert!(owner.admits(&labels("a")) && owner.admits(&BTreeMap::new()));
        assert!(!owner.admits(&labels("b")));
        assert!(Owner::nobody().admits(&labels("b")));
    }

    #[test]
    fn an_id_counts_from_the_moment_it_is_written() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("owner");
        let owner = Owner::kept_in(path.clone());
        assert_eq!(owner.id(), None);
        files::write(&path, b"a1\n", 0o644).expect("writable");
        assert_eq!(owner.id(), Some("a1"));
    }
}

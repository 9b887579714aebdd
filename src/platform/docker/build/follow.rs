//! BuildKit names the paths that a Dockerfile copies, so that nothing else need travel.

use crate::model::dockerignore::Dockerignore;
use crate::platform::docker::{ContextEntry, EntryKind};

/// Which paths travel: all of them, or those that fit.
pub struct Follow {
    only: Option<Dockerignore>,
}

impl Follow {
    /// Paths may have wildcards. One that leads through a symlink may lead anywhere in the tree, so
    /// where there is a symlink all of the tree travels: more than needed is never wrong.
    pub fn new(follow: &[String], include: &[String], tree: &[(String, &ContextEntry)]) -> Self {
        let is_link = |entry: &ContextEntry| matches!(entry.kind, EntryKind::Symlink(_));
        let patterns: Vec<&str> =
            follow.iter().chain(include).map(|path| path.trim_start_matches('/')).collect();
        let everything = patterns.is_empty()
            || patterns.iter().any(|path| matches!(*path, "" | "." | "./") || path.starts_with('!'))
            || tree.iter().any(|(_, entry)| is_link(entry));
        // A pattern fits what is below it too, as in `.dockerignore`; one we cannot read fits all.
        let only = if everything { None } else { Dockerignore::of_patterns(patterns).ok() };
        Follow { only }
    }

    /// True when this path travels.
    pub fn includes(&self, path: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.excludes(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn travels(follow: &[&str], path: &str, tree: &[(String, &ContextEntry)]) -> bool {
        let follow: Vec<String> = follow.iter().map(|path| (*path).to_owned()).collect();
        Follow::new(&follow, &[], tree).includes(path)
    }

    #[test]
    fn only_named_paths_and_what_is_below_travel() {
        assert!(travels(&["package.json"], "package.json", &[]));
        assert!(!travels(&["package.json"], "src/a.js", &[]));
        assert!(travels(&["src"], "src/deep/a.js", &[]));
        assert!(travels(&["src/*.go"], "src/a.go", &[]));
        assert!(travels(&["/a", "b"], "a", &[]));
    }

    #[test]
    fn everything_travels_when_the_root_is_copied_or_a_symlink_is_there() {
        assert!(travels(&[], "a", &[]));
        assert!(travels(&["."], "a", &[]));
        assert!(travels(&["x", "/"], "a", &[]));
        let kind = EntryKind::Symlink("a".into());
        let link = ContextEntry { path: "x".into(), kind, size: 0, modified: 0, content: Vec::new() };
        assert!(travels(&["x"], "a", &[("x".into(), &link)]));
    }
}

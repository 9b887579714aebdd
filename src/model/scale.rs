//! How many containers of each process type are wanted.

use std::collections::BTreeMap;
use std::fmt;

use super::{Fault, Outcome, ProcessType, Procfile};

/// A number per process type, sorted by type.
pub type Quantities = BTreeMap<ProcessType, u32>;

/// The scale of an app as it is stored: what is wanted, and types without any that left the Procfile. Those are
/// still shown, and forgotten by the next successful deploy (contract: formats.md section 4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scale {
    /// What is wanted.
    pub current: Quantities,
    /// Types that left the Procfile.
    pub old: Quantities,
}

impl Scale {
    /// The scale of a new app: one web process.
    pub fn of_new_app() -> Self {
        Scale { current: [(ProcessType::web(), 1)].into(), old: Quantities::new() }
    }

    /// All types that are shown.
    pub fn shown(&self) -> Quantities {
        let mut shown = self.old.clone();
        shown.extend(self.current.clone());
        shown
    }

    /// The scale after a change, or after a release brought another Procfile: new types get 0, types that left it
    /// with 0 become old.
    ///
    /// # Errors
    /// When a type is scaled up that the Procfile does not have.
    pub fn changed(&self, changes: &Quantities, clear: Clear, procfile: Option<&Procfile>) -> Outcome<Self> {
        let is_known = |name: &ProcessType| procfile.is_some_and(|file| file.command(name).is_some());
        if let Some((name, _)) =
            changes.iter().find(|(name, count)| **count > 0 && procfile.is_some() && !is_known(name))
        {
            return Err(Fault::new(format!("{name} is not a valid process name to scale up")));
        }
        let mut all: Quantities = procfile
            .map(|file| file.process_types().map(|name| (name.clone(), 0)).collect())
            .unwrap_or_default();
        match clear {
            Clear::Nothing => all.extend(self.current.clone()),
            Clear::Everything => {}
        }
        all.extend(changes.clone());
        let (current, old) = all.into_iter().partition(|(name, count)| *count > 0 || is_known(name));
        Ok(Scale { current, old })
    }
}

/// What happens to types that a change does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clear {
    /// They stay as they are.
    Nothing,
    /// They become 0.
    Everything,
}

/// Reads words such as `web=2`. Of two for one type the first counts.
///
/// # Errors
/// A word without a number, or whose name is no process type.
pub fn parse<S: AsRef<str>>(words: &[S]) -> Outcome<Quantities> {
    let mut quantities = Quantities::new();
    for word in words {
        let word = word.as_ref();
        let Some((name, count)) = word.split_once('=') else {
            return Err(Fault::new(format!("Missing count for process type {word}")));
        };
        let count =
            count.trim().parse().map_err(|_| Fault::new(format!("Invalid count for process type {name}")))?;
        quantities.entry(name.trim().parse()?).or_insert(count);
    }
    Ok(quantities)
}

/// Writes lines such as `web=2`.
pub fn lines(quantities: &Quantities) -> Vec<String> {
    quantities.iter().map(|(name, count)| format!("{name}={count}")).collect()
}

impl fmt::Display for Scale {
    /// As `ps:scale` and `ps-current-scale` list it: `web=1` lines, none after the last.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&lines(&self.shown()).join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn procfile(names: &str) -> Procfile {
        let text: String = names.split(' ').map(|name| format!("{name}: run\n")).collect();
        Procfile::parse(&text).expect("a Procfile")
    }

    fn changed(scale: &Scale, words: &[&str], clear: Clear, file: Option<&str>) -> String {
        let changes = parse(words).expect("a scale");
        match scale.changed(&changes, clear, file.map(procfile).as_ref()) {
            Ok(scale) => format!("{} | {}", lines(&scale.current).join(" "), lines(&scale.old).join(" ")),
            Err(fault) => fault.message,
        }
    }

    #[test]
    fn words_are_read_as_dokku_reads_them() {
        let read = parse(&["web=4", "worker=1", "beat   =0", "web   =0"]).expect("a scale");
        assert_eq!(lines(&read), ["beat=0", "web=4", "worker=1"]);
        for (word, message) in [
            ("web", "Missing count for process type web"),
            ("web=x", "Invalid count for process type web"),
            ("web=-1", "Invalid count for process type web"),
            ("../web=1", "../web is not a valid process type"),
        ] {
            assert_eq!(parse(&[word]).expect_err("refused").message, message);
        }
    }

    #[test]
    fn a_release_brings_new_types_and_drops_old_ones() {
        let scale =
            Scale { current: parse(&["web=1", "worker=2", "cron=0"]).expect("a scale"), ..Scale::default() };
        assert_eq!(changed(&scale, &[], Clear::Nothing, Some("web mail")), "mail=0 web=1 worker=2 | cron=0");
        assert_eq!(changed(&scale, &[], Clear::Nothing, None), "web=1 worker=2 | cron=0");
    }

    #[test]
    fn only_types_of_the_procfile_can_be_scaled_up() {
        let scale = Scale::of_new_app();
        assert_eq!(
            changed(&scale, &["wroker=1"], Clear::Nothing, Some("web worker")),
            "wroker is not a valid process name to scale up"
        );
        assert_eq!(
            changed(&scale, &["wroker=0"], Clear::Nothing, Some("web worker")),
            "web=1 worker=0 | wroker=0"
        );
        assert_eq!(changed(&scale, &["worker=3"], Clear::Nothing, None), "web=1 worker=3 | ");
    }

    #[test]
    fn a_formation_replaces_the_whole_scale() {
        let scale = Scale { current: parse(&["web=3", "worker=2"]).expect("a scale"), ..Scale::default() };
        assert_eq!(changed(&scale, &["web=1"], Clear::Everything, Some("web worker")), "web=1 worker=0 | ");
    }
}

//! A domain: what would be one plugin of Dokku.

use super::command::Entry;
use super::function::Function;
use super::listener::Listener;
use super::property::Properties;
use super::report::Report;

/// One domain as its `mod.rs` declares it: commands, properties, report, reactions.
///
/// `NAME:help`, `NAME:set` and `NAME:report` are made from these tables; a domain writes none of them.
pub struct Domain {
    /// The word before the colon.
    pub name: &'static str,
    /// The folder name of the Dokku plugin it is: decides the order of reactions.
    pub plugin: &'static str,
    /// What it is for, for `help`.
    pub about: &'static str,
    /// What its own page says instead, where Dokku words it differently there. Empty: the same.
    pub heading: &'static str,
    /// Another word before the colon that means this domain, as `pack` does builder-pack. Empty: none.
    pub also: &'static str,
    /// Other words for commands.
    pub aliases: &'static [Alias],
    /// Words of older releases that nothing answers to any more.
    pub gone: &'static [Gone],
    /// Properties that are kept and shown for whom they mean something elsewhere, and why they have no effect here.
    pub idle: &'static [(&'static str, &'static str)],
    /// What the bare name with an app behind it means, as it did before it became the help. Empty: the help.
    pub bare_means: &'static str,
    /// Commands, alphabetical.
    pub commands: &'static [Entry],
    /// Settings, if it has any.
    pub properties: Option<&'static Properties>,
    /// The rows of `NAME:report`, if it has one.
    pub report: Option<&'static Report>,
    /// True when `dokku report` leaves this domain's report out.
    pub is_apart_in_report: bool,
    /// Reactions to triggers, alphabetical.
    pub listeners: &'static [Listener],
    /// What the shell functions of its plugin call, alphabetical.
    pub functions: &'static [Function],
}

/// Another word for a command, still understood.
pub struct Alias {
    /// What the user may type.
    pub typed: &'static str,
    /// The command it means; further words stand before those that are typed.
    pub means: &'static str,
    /// True when using it says, once on stderr, what to type today.
    pub is_deprecated: bool,
}

impl Alias {
    /// An old name, whose use says what to type today.
    pub const fn old(typed: &'static str, means: &'static str) -> Self {
        Alias { typed, means, is_deprecated: true }
    }
}

/// A command that is no more, and that its successor cannot stand in for: its words mean something else today.
pub struct Gone {
    /// What the user may type; `NAME:*` is NAME and all behind its colon.
    pub typed: &'static str,
    /// A sentence that says what to do instead.
    pub instead: &'static str,
}

impl Gone {
    /// True when the word is this command's.
    pub fn is(&self, word: &str) -> bool {
        match self.typed.strip_suffix(":*") {
            Some(name) => word.split(':').next() == Some(name),
            None => word == self.typed,
        }
    }
}

impl Domain {
    /// Why a property is kept without an effect, for one that is.
    pub fn why_idle(&self, key: &str) -> Option<&'static str> {
        self.idle.iter().find(|(idle, _)| *idle == key).map(|(_, why)| *why)
    }

    /// An empty one, to be filled by struct update.
    pub const EMPTY: Domain = Domain {
        name: "",
        plugin: "",
        about: "",
        heading: "",
        also: "",
        aliases: &[],
        gone: &[],
        idle: &[],
        bare_means: "",
        commands: &[],
        properties: None,
        report: None,
        is_apart_in_report: false,
        listeners: &[],
        functions: &[],
    };
}

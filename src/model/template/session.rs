//! One run of sigil: its variables, and the templates that templates include.

use std::collections::BTreeMap;

use super::functions;
use super::machine;
use super::parser;
use super::posix;
use super::value::{Map, Value};
use super::world::World;

/// How deeply templates, branches and parentheses may nest while they run, those they include counted in.
const DEEPEST: usize = 150;

/// How long a text may become, in bytes.
pub(super) const LONGEST: usize = 32 << 20;

/// How many parts a run may go through: a template that does not end is stopped.
const MOST_STEPS: u64 = 2_000_000;

/// The variables of a template by name.
pub type Variables = BTreeMap<String, Value>;

/// What begins and ends an action.
#[derive(Clone, Debug)]
pub struct Delimiters {
    /// `{{`, unless said otherwise.
    pub left: String,
    /// `}}`, unless said otherwise.
    pub right: String,
}

impl Default for Delimiters {
    fn default() -> Self {
        Delimiters { left: "{{".to_owned(), right: "}}".to_owned() }
    }
}

/// What all templates of a run share.
pub struct Session<'w> {
    pub(super) world: &'w dyn World,
    /// What `var` reads; variables that are texts are in it too.
    pub(super) env: BTreeMap<String, String>,
    /// Where templates and files are looked for after the working folder, the nearest first.
    pub(super) folders: Vec<String>,
    delimiters: Delimiters,
    expands: bool,
    levels: usize,
    steps: u64,
}

impl<'w> Session<'w> {
    /// A session with this environment.
    pub fn new(world: &'w dyn World, env: BTreeMap<String, String>) -> Self {
        Session {
            world,
            env,
            folders: Vec::new(),
            delimiters: Delimiters::default(),
            expands: false,
            levels: 0,
            steps: 0,
        }
    }

    /// Looks for files here too, after the working folder.
    #[must_use]
    pub fn with_folders(mut self, folders: Vec<String>) -> Self {
        self.folders = folders;
        self
    }

    /// Begins and ends actions otherwise.
    #[must_use]
    pub fn with_delimiters(mut self, delimiters: Delimiters) -> Self {
        self.delimiters = delimiters;
        self
    }

    /// Expands `${NAME}` as a shell does before anything else.
    #[must_use]
    pub fn expanding(mut self) -> Self {
        self.expands = true;
        self
    }

    /// Renders a template. Its name is what errors call it.
    ///
    /// Each variable is there as `.NAME`, as `$NAME` and, when it is a text, in the environment. A `$NAME` that is
    /// used but not given has no value. A backslash before the delimiter at a line's end joins it with an action that
    /// follows on the next line.
    ///
    /// # Errors
    /// In Go's words, with line and column. In the first line the columns count the declarations of the variables,
    /// as sigil's do.
    pub fn render(&mut self, template: &str, mut variables: Variables, name: &str) -> Result<String, String> {
        let outer = self.env.clone();
        for name in names_used(template) {
            variables.entry(name).or_insert(Value::Nil);
        }
        let rendered = self.render_with(template, variables, name);
        self.env = outer;
        rendered
    }

    fn render_with(&mut self, template: &str, variables: Variables, name: &str) -> Result<String, String> {
        let Delimiters { left, right } = self.delimiters.clone();
        let mut source = String::new();
        for (key, value) in &variables {
            if let Value::Text(text) = value {
                if key.is_empty() || key.contains(['=', '\0']) || text.contains('\0') {
                    return Err("setenv: invalid argument".to_owned());
                }
                self.env.insert(key.clone(), text.to_string());
            }
            source.push_str(&format!("{left} ${key} := .{key} {right}"));
        }
        let joined = |text: &str| text.replace(&format!("\\{right}\n{left}"), &format!("{right}{left}"));
        if self.expands {
            source.push_str(&joined(&posix::expand(template, &mut self.env)?));
        } else {
            source.push_str(&joined(template));
        }
        let tree = parser::parse(name, &source, &self.delimiters, functions::knows)?;
        machine::run(&tree, Map::of_texts(variables), self)
    }

    /// Goes one level down; [`Session::leave`] comes back.
    pub(super) fn enter(&mut self) -> Result<(), String> {
        self.levels += 1;
        if self.levels > DEEPEST {
            return Err(format!("exceeded maximum template depth ({DEEPEST})"));
        }
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.levels -= 1;
    }

    /// Counts a part of the work.
    pub(super) fn step(&mut self) -> Result<(), String> {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return Err(format!("the template takes more than {MOST_STEPS} steps"));
        }
        Ok(())
    }
}

/// The names that stand behind a dollar sign anywhere in the text.
fn names_used(template: &str) -> impl Iterator<Item = String> + '_ {
    template.split('$').skip(1).filter_map(|rest| {
        let is_name = |letter: char| letter == '_' || letter.is_ascii_alphanumeric();
        let length = rest.find(|letter| !is_name(letter)).unwrap_or(rest.len());
        let name = &rest[..length];
        name.chars().next().is_some_and(|first| !first.is_ascii_digit()).then(|| name.to_owned())
    })
}

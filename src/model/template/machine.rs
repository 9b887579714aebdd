//! Walks a tree and writes what it says.

use std::sync::Arc;

use super::literals::quote;
use super::print;
use super::session::{LONGEST, Session};
use super::syntax::{Branch, Command, Invocation, Node, Pipe, Term, Tree};
use super::value::{Map, Value};

/// A value on its way. What was taken out of a list or map is boxed: Go words some mistakes with it differently.
#[derive(Clone, Debug)]
pub enum Slot {
    /// Nothing at all: an absent key.
    Nothing,
    Plain(Value),
    Boxed(Value),
}

impl Slot {
    /// Out of its box, as every pipeline does with its result.
    pub fn unboxed(self) -> Self {
        match self {
            Slot::Boxed(Value::Nil) | Slot::Plain(Value::Nil) => Slot::Nothing,
            Slot::Boxed(value) => Slot::Plain(value),
            Slot::Nothing | Slot::Plain(_) => self,
        }
    }

    /// The value; nil for nothing.
    pub fn value(self) -> Value {
        match self {
            Slot::Nothing => Value::Nil,
            Slot::Plain(value) | Slot::Boxed(value) => value,
        }
    }

    /// What `if` makes of it.
    pub fn is_true(&self) -> bool {
        match self {
            Slot::Nothing => false,
            Slot::Plain(value) | Slot::Boxed(value) => value.is_true(),
        }
    }
}

/// The part that is being looked at, for errors.
#[derive(Clone, Copy)]
pub enum Site<'t> {
    Nowhere,
    Template(&'t Invocation),
    Pipe(&'t Pipe),
    Command(&'t Command),
    Term(&'t Term),
}

/// Whether the loop around goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    On,
    Break,
    Continue,
}

/// One tree at work.
pub struct Machine<'t, 's, 'w> {
    tree: &'t Tree,
    /// The name of the template at work.
    name: &'t str,
    pub(super) session: &'s mut Session<'w>,
    pub(super) at: Site<'t>,
    variables: Vec<(&'t str, Slot)>,
    out: String,
}

/// Renders a tree with its data.
///
/// # Errors
/// In Go's words, with the place in the template.
pub fn run(tree: &Tree, data: Map, session: &mut Session<'_>) -> Result<String, String> {
    let dot = Slot::Plain(Value::Map(Arc::new(data)));
    let variables = vec![("$", dot.clone())];
    let mut machine =
        Machine { tree, name: &tree.name, session, at: Site::Nowhere, variables, out: String::new() };
    if let Some(nodes) = tree.templates.get(&tree.name) {
        machine.list(&dot, nodes)?;
    }
    Ok(machine.out)
}

impl<'t> Machine<'t, '_, '_> {
    /// An error at the part that is being looked at.
    pub fn fail(&self, message: impl std::fmt::Display) -> String {
        let (pos, context) = match self.at {
            Site::Nowhere => return format!("template: {}: {message}", self.name),
            Site::Template(invocation) => (invocation.pos, invocation.to_string()),
            Site::Pipe(pipe) => (pipe.pos, pipe.to_string()),
            Site::Command(command) => (command.pos, command.to_string()),
            Site::Term(term) => (term.pos, term.to_string()),
        };
        let before = &self.tree.source[..pos];
        let line = 1 + before.matches('\n').count();
        let column = pos - before.rfind('\n').map_or(0, |newline| newline + 1);
        let (file, name) = (&self.tree.name, quote(self.name));
        format!("template: {file}:{line}:{column}: executing {name} at <{context}>: {message}")
    }

    fn list(&mut self, dot: &Slot, nodes: &'t [Node]) -> Result<Flow, String> {
        self.session.enter().map_err(|message| self.fail(message))?;
        let mut flow = Flow::On;
        for node in nodes {
            flow = self.node(dot, node)?;
            if flow != Flow::On {
                break;
            }
        }
        self.session.leave();
        Ok(flow)
    }

    fn node(&mut self, dot: &Slot, node: &'t Node) -> Result<Flow, String> {
        self.session.step().map_err(|message| self.fail(message))?;
        match node {
            Node::Text(text) => self.write(text)?,
            Node::Action(pipe) => {
                let slot = self.pipeline(dot, pipe)?;
                if pipe.variables.is_empty() {
                    match slot {
                        Slot::Nothing => self.write("<no value>")?,
                        Slot::Plain(value) | Slot::Boxed(value) => self.write(&print::plain(&value))?,
                    }
                }
            }
            Node::If(branch) => return self.branch(dot, branch, false),
            Node::With(branch) => return self.branch(dot, branch, true),
            Node::Range(branch) => return self.range(dot, branch),
            Node::Template(invocation) => self.invoke(dot, invocation)?,
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::On)
    }

    fn write(&mut self, text: &str) -> Result<(), String> {
        if self.out.len() + text.len() > LONGEST {
            return Err(self.fail(format!("the result is longer than {LONGEST} bytes")));
        }
        self.out.push_str(text);
        Ok(())
    }

    fn branch(&mut self, dot: &Slot, branch: &'t Branch, is_with: bool) -> Result<Flow, String> {
        let mark = self.variables.len();
        let slot = self.pipeline(dot, &branch.pipe)?;
        let flow = if slot.is_true() {
            self.list(if is_with { &slot } else { dot }, &branch.body)
        } else {
            branch.otherwise.as_ref().map_or(Ok(Flow::On), |nodes| self.list(dot, nodes))
        };
        self.variables.truncate(mark);
        flow
    }

    fn range(&mut self, dot: &Slot, branch: &'t Branch) -> Result<Flow, String> {
        let mark = self.variables.len();
        let flow = self.iterate(dot, branch);
        self.variables.truncate(mark);
        flow
    }

    fn iterate(&mut self, dot: &Slot, branch: &'t Branch) -> Result<Flow, String> {
        let mut has_run = false;
        match self.pipeline(dot, &branch.pipe)? {
            Slot::Nothing | Slot::Plain(Value::Nil) | Slot::Boxed(Value::Nil) => {}
            Slot::Plain(Value::List(items)) | Slot::Boxed(Value::List(items)) => {
                for (index, item) in (0..).zip(items.iter()) {
                    has_run = true;
                    let index = Slot::Plain(Value::Int(index));
                    if self.once(branch, index, Slot::Boxed(item.clone()))? == Flow::Break {
                        break;
                    }
                }
            }
            Slot::Plain(Value::Map(map)) | Slot::Boxed(Value::Map(map)) => {
                for (key, value) in &map.entries {
                    has_run = true;
                    let key = if map.is_loose { Slot::Boxed(key.value()) } else { Slot::Plain(key.value()) };
                    if self.once(branch, key, Slot::Boxed(value.clone()))? == Flow::Break {
                        break;
                    }
                }
            }
            Slot::Plain(Value::Int(count)) | Slot::Boxed(Value::Int(count)) => {
                has_run = self.count(branch, count, Value::Int)?;
            }
            Slot::Plain(Value::Byte(count)) | Slot::Boxed(Value::Byte(count)) => {
                let byte = |number| Value::Byte(u8::try_from(number).unwrap_or(u8::MAX));
                has_run = self.count(branch, i64::from(count), byte)?;
            }
            Slot::Plain(other) | Slot::Boxed(other) => {
                return Err(self.fail(format!("range can't iterate over {}", print::plain(&other))));
            }
        }
        match &branch.otherwise {
            Some(nodes) if !has_run => self.list(dot, nodes),
            Some(_) | None => Ok(Flow::On),
        }
    }

    fn count(&mut self, branch: &'t Branch, count: i64, number: fn(i64) -> Value) -> Result<bool, String> {
        if branch.pipe.variables.len() > 1 {
            return Err(self.fail(format!("can't use {count} to iterate over more than one variable")));
        }
        for index in 0..count {
            if self.once(branch, Slot::Nothing, Slot::Plain(number(index)))? == Flow::Break {
                break;
            }
        }
        Ok(count > 0)
    }

    fn once(&mut self, branch: &'t Branch, index: Slot, item: Slot) -> Result<Flow, String> {
        self.session.step().map_err(|message| self.fail(message))?;
        let names = &branch.pipe.variables;
        let top = self.variables.len();
        let values = match names.as_slice() {
            [] => vec![],
            [_] => vec![item.clone()],
            [..] => vec![index, item.clone()],
        };
        let count = values.len();
        for (place, (name, value)) in names.iter().zip(values).enumerate() {
            if branch.pipe.is_assignment {
                self.assign(name, value)?;
            } else {
                // The pipeline has declared them already: they are the topmost.
                self.variables[top - count + place].1 = value;
            }
        }
        let flow = self.list(&item, &branch.body)?;
        self.variables.truncate(top);
        Ok(flow)
    }

    fn invoke(&mut self, dot: &Slot, invocation: &'t Invocation) -> Result<(), String> {
        self.at = Site::Template(invocation);
        let Some((name, nodes)) = self.tree.templates.get_key_value(&invocation.name) else {
            return Err(self.fail(format!("template {} not defined", quote(&invocation.name))));
        };
        let inner = match &invocation.pipe {
            Some(pipe) => self.pipeline(dot, pipe)?,
            None => Slot::Nothing,
        };
        let outer_name = std::mem::replace(&mut self.name, name);
        let outer_variables = std::mem::replace(&mut self.variables, vec![("$", inner.clone())]);
        self.list(&inner, nodes)?;
        self.name = outer_name;
        self.variables = outer_variables;
        Ok(())
    }

    /// Declares a variable.
    pub(super) fn declare(&mut self, name: &'t str, value: Slot) {
        self.variables.push((name, value));
    }

    /// Gives a declared variable another value.
    pub(super) fn assign(&mut self, name: &str, value: Slot) -> Result<(), String> {
        match self.variables.iter_mut().rev().find(|(known, _)| *known == name) {
            Some((_, slot)) => {
                *slot = value;
                Ok(())
            }
            None => Err(self.fail(format!("undefined variable: {name}"))),
        }
    }

    /// What a variable holds.
    pub(super) fn variable(&self, name: &str) -> Result<Slot, String> {
        let found = self.variables.iter().rev().find(|(known, _)| *known == name);
        found.map(|(_, slot)| slot.clone()).ok_or_else(|| self.fail(format!("undefined variable: {name}")))
    }
}

//! What a template says, as a tree. Printing a part gives its source in a normal form, which errors quote.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::literals::{Number, quote};

/// A parsed template and those it defines by name.
#[derive(Debug)]
pub struct Tree {
    /// The file's name, for errors.
    pub name: String,
    /// The source, for the line and column of errors.
    pub source: String,
    /// All templates by name, the main one under its own.
    pub templates: BTreeMap<String, Arc<Vec<Node>>>,
}

/// A part that writes something or decides what is written.
#[derive(Debug)]
pub enum Node {
    Text(String),
    Action(Pipe),
    If(Branch),
    With(Branch),
    Range(Branch),
    Template(Invocation),
    Break,
    Continue,
}

/// `if`, `with` or `range`: what is asked, and what follows.
#[derive(Debug)]
pub struct Branch {
    pub pipe: Pipe,
    pub body: Vec<Node>,
    pub otherwise: Option<Vec<Node>>,
}

/// `{{template "name" pipeline}}`.
#[derive(Debug)]
pub struct Invocation {
    pub pos: usize,
    pub name: String,
    pub pipe: Option<Pipe>,
}

/// Commands whose results are handed on, and the variables that keep the last one.
#[derive(Debug)]
pub struct Pipe {
    pub pos: usize,
    pub is_assignment: bool,
    /// Names with their dollar sign.
    pub variables: Vec<String>,
    pub commands: Vec<Command>,
}

/// A function or value and its arguments.
#[derive(Debug)]
pub struct Command {
    pub pos: usize,
    pub terms: Vec<Term>,
}

/// A value as it is written.
#[derive(Debug)]
pub struct Term {
    pub pos: usize,
    pub kind: TermKind,
}

/// What a term is.
#[derive(Debug)]
pub enum TermKind {
    Bool(bool),
    Dot,
    Nil,
    Number(Number),
    /// As written, with its quotes, and as meant.
    Text(String, String),
    /// `.a.b`: the names without their dots.
    Field(Vec<String>),
    /// `$a.b`: the variable with its dollar sign, then names.
    Variable(Vec<String>),
    Identifier(String),
    /// `(…).a.b`.
    Chain(Box<Term>, Vec<String>),
    Pipe(Box<Pipe>),
}

/// True when a body writes nothing but spaces, so that another one of the same name replaces it.
pub fn is_empty(nodes: &[Node]) -> bool {
    nodes.iter().all(|node| matches!(node, Node::Text(text) if text.trim().is_empty()))
}

impl fmt::Display for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{{template {}", quote(&self.name))?;
        if let Some(pipe) = &self.pipe {
            write!(f, " {pipe}")?;
        }
        f.write_str("}}")
    }
}

impl fmt::Display for Pipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.variables.is_empty() {
            let sign = if self.is_assignment { "=" } else { ":=" };
            write!(f, "{} {sign} ", self.variables.join(", "))?;
        }
        for (index, command) in self.commands.iter().enumerate() {
            write!(f, "{}{command}", if index > 0 { " | " } else { "" })?;
        }
        Ok(())
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, term) in self.terms.iter().enumerate() {
            f.write_str(if index > 0 { " " } else { "" })?;
            match &term.kind {
                TermKind::Pipe(pipe) => write!(f, "({pipe})")?,
                TermKind::Bool(_)
                | TermKind::Dot
                | TermKind::Nil
                | TermKind::Number(_)
                | TermKind::Text(..)
                | TermKind::Field(_)
                | TermKind::Variable(_)
                | TermKind::Identifier(_)
                | TermKind::Chain(..) => write!(f, "{term}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            TermKind::Bool(value) => write!(f, "{value}"),
            TermKind::Dot => f.write_str("."),
            TermKind::Nil => f.write_str("nil"),
            TermKind::Number(number) => f.write_str(&number.text),
            TermKind::Text(quoted, _) => f.write_str(quoted),
            TermKind::Field(names) => write!(f, ".{}", names.join(".")),
            TermKind::Variable(names) => f.write_str(&names.join(".")),
            TermKind::Identifier(name) => f.write_str(name),
            TermKind::Chain(term, names) => {
                match &term.kind {
                    TermKind::Pipe(pipe) => write!(f, "({pipe})")?,
                    TermKind::Bool(_)
                    | TermKind::Dot
                    | TermKind::Nil
                    | TermKind::Number(_)
                    | TermKind::Text(..)
                    | TermKind::Field(_)
                    | TermKind::Variable(_)
                    | TermKind::Identifier(_)
                    | TermKind::Chain(..) => write!(f, "{term}")?,
                }
                write!(f, ".{}", names.join("."))
            }
            TermKind::Pipe(pipe) => write!(f, "{pipe}"),
        }
    }
}

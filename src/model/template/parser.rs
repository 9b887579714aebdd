//! From a template's text to its tree.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::lexer::{Item, Keyword, Kind, lex};
use super::literals::{number, quote, unquote};
use super::session::Delimiters;
use super::syntax::{Branch, Command, Invocation, Node, Pipe, Term, TermKind, Tree, is_empty};

/// How deeply actions and parentheses may nest: the tree is walked by recursion, and the stack is small.
const DEEPEST: usize = 100;

/// Reads a template. `knows` tells which functions there are.
///
/// # Errors
/// In Go's words: `template: NAME:LINE: what is wrong`.
pub fn parse(
    name: &str,
    source: &str,
    delimiters: &Delimiters,
    knows: fn(&str) -> bool,
) -> Result<Tree, String> {
    let mut parser = Parser {
        name,
        items: lex(source, &delimiters.left, &delimiters.right),
        at: 0,
        furthest: 0,
        action_line: 0,
        depth: 0,
        knows,
        templates: BTreeMap::new(),
    };
    parser
        .file()
        .map_err(|message| format!("template: {name}:{}: {message}", parser.items[parser.furthest].line))?;
    Ok(Tree { name: name.to_owned(), source: source.to_owned(), templates: parser.templates })
}

struct Parser<'a> {
    name: &'a str,
    items: Vec<Item>,
    at: usize,
    /// The last item looked at: its line is where an error is said to be.
    furthest: usize,
    /// Where the action began that is being read; 0 outside.
    action_line: usize,
    depth: usize,
    knows: fn(&str) -> bool,
    templates: BTreeMap<String, Arc<Vec<Node>>>,
}

/// What is known inside of one template: its variables, and whether a loop is around.
struct Frame {
    variables: Vec<String>,
    loops: usize,
}

impl Frame {
    fn new() -> Self {
        Frame { variables: vec!["$".to_owned()], loops: 0 }
    }
}

/// How a list of nodes ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    End,
    Else,
}

impl Ending {
    fn text(self) -> &'static str {
        match self {
            Ending::End => "{{end}}",
            Ending::Else => "{{else}}",
        }
    }
}

enum Piece {
    Node(Node),
    Ending(Ending),
}

type Parsed<T = ()> = Result<T, String>;

impl Parser<'_> {
    fn next(&mut self) -> Item {
        let item = self.peek();
        if self.at + 1 < self.items.len() {
            self.at += 1;
        }
        item
    }

    fn peek(&mut self) -> Item {
        self.furthest = self.furthest.max(self.at);
        self.items[self.at].clone()
    }

    fn next_word(&mut self) -> Item {
        self.skip_space();
        self.next()
    }

    fn peek_word(&mut self) -> Item {
        self.skip_space();
        self.peek()
    }

    fn skip_space(&mut self) {
        while self.peek().kind == Kind::Space {
            self.at += 1;
        }
    }

    fn expect(&mut self, kind: Kind, context: &str) -> Parsed<Item> {
        let item = self.next_word();
        if item.kind == kind { Ok(item) } else { Err(self.unexpected(&item, context)) }
    }

    fn unexpected(&self, item: &Item, context: &str) -> String {
        let shown = match item.kind {
            Kind::Error => return self.lexical(item),
            Kind::End => "EOF".to_owned(),
            Kind::Keyword(_) | Kind::Dot | Kind::Nil => format!("<{}>", item.text),
            Kind::Bool
            | Kind::Char
            | Kind::CharConstant
            | Kind::Complex
            | Kind::Assign
            | Kind::Declare
            | Kind::Field
            | Kind::Identifier
            | Kind::LeftDelimiter
            | Kind::LeftParen
            | Kind::Number
            | Kind::Pipe
            | Kind::RawString
            | Kind::RightDelimiter
            | Kind::RightParen
            | Kind::Space
            | Kind::String
            | Kind::Text
            | Kind::Variable => shortened(&item.text),
        };
        format!("unexpected {shown} in {context}")
    }

    fn lexical(&self, item: &Item) -> String {
        if self.action_line == 0 || self.action_line == item.line {
            return item.text.clone();
        }
        let action = if item.text.ends_with(" action") { "" } else { " in action" };
        format!("{}{action} started at {}:{}", item.text, self.name, self.action_line)
    }

    fn file(&mut self) -> Parsed {
        let mut frame = Frame::new();
        let mut nodes = Vec::new();
        while self.peek().kind != Kind::End {
            if self.peek().kind == Kind::LeftDelimiter {
                let back = self.at;
                self.next();
                if self.next_word().kind == Kind::Keyword(Keyword::Define) {
                    self.definition()?;
                    continue;
                }
                self.at = back;
            }
            match self.text_or_action(&mut frame)? {
                Piece::Node(node) => nodes.push(node),
                Piece::Ending(ending) => return Err(format!("unexpected {}", ending.text())),
            }
        }
        self.add(self.name.to_owned(), nodes)
    }

    /// Keeps a template under its name; one that says something replaces one that does not.
    fn add(&mut self, name: String, nodes: Vec<Node>) -> Parsed {
        let is_taken = self.templates.get(&name).is_some_and(|known| !is_empty(known));
        if !is_taken {
            self.templates.insert(name, Arc::new(nodes));
        } else if !is_empty(&nodes) {
            return Err(format!("template: multiple definition of template {}", quote(&name)));
        }
        Ok(())
    }

    fn definition(&mut self) -> Parsed {
        const CONTEXT: &str = "define clause";
        let outer = std::mem::take(&mut self.action_line);
        let item = self.next_word();
        let name = self.template_name(&item, CONTEXT)?;
        self.expect(Kind::RightDelimiter, CONTEXT)?;
        self.body_of(name, CONTEXT)?;
        self.action_line = outer;
        Ok(())
    }

    fn body_of(&mut self, name: String, context: &str) -> Parsed {
        let (nodes, ending) = self.list(&mut Frame::new())?;
        if ending == Ending::Else {
            return Err(format!("unexpected {} in {context}", ending.text()));
        }
        self.add(name, nodes)
    }

    fn list(&mut self, frame: &mut Frame) -> Parsed<(Vec<Node>, Ending)> {
        self.deeper()?;
        let mut nodes = Vec::new();
        while self.peek_word().kind != Kind::End {
            match self.text_or_action(frame)? {
                Piece::Node(node) => nodes.push(node),
                Piece::Ending(ending) => {
                    self.depth -= 1;
                    return Ok((nodes, ending));
                }
            }
        }
        Err("unexpected EOF".to_owned())
    }

    fn deeper(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(format!("actions and branches nest deeper than {DEEPEST} levels"));
        }
        Ok(())
    }

    fn text_or_action(&mut self, frame: &mut Frame) -> Parsed<Piece> {
        let item = self.next_word();
        if item.kind == Kind::Text {
            return Ok(Piece::Node(Node::Text(item.text)));
        }
        if item.kind != Kind::LeftDelimiter {
            return Err(self.unexpected(&item, "input"));
        }
        self.action_line = item.line;
        let piece = self.action(frame)?;
        self.action_line = 0;
        Ok(piece)
    }

    fn action(&mut self, frame: &mut Frame) -> Parsed<Piece> {
        let item = self.peek_word();
        let Kind::Keyword(keyword) = item.kind else {
            let pipe = self.pipeline("command", Kind::RightDelimiter, frame)?;
            return Ok(Piece::Node(Node::Action(pipe)));
        };
        self.next();
        Ok(Piece::Node(match keyword {
            Keyword::Block => self.block(frame)?,
            Keyword::Break => self.loop_end("{{break}}", Node::Break, frame)?,
            Keyword::Continue => self.loop_end("{{continue}}", Node::Continue, frame)?,
            Keyword::Define => return Err(self.unexpected(&item, "command")),
            Keyword::Else => return self.otherwise(),
            Keyword::End => {
                self.expect(Kind::RightDelimiter, "end")?;
                return Ok(Piece::Ending(Ending::End));
            }
            Keyword::If => Node::If(self.control("if", frame)?),
            Keyword::Range => Node::Range(self.control("range", frame)?),
            Keyword::Template => self.template(frame)?,
            Keyword::With => Node::With(self.control("with", frame)?),
        }))
    }

    fn loop_end(&mut self, word: &str, node: Node, frame: &Frame) -> Parsed<Node> {
        self.expect(Kind::RightDelimiter, word)?;
        if frame.loops == 0 { Err(format!("{word} outside {{{{range}}}}")) } else { Ok(node) }
    }

    /// `{{else}}`, or the beginning of `{{else if …}}` and `{{else with …}}`, which stays to be read.
    fn otherwise(&mut self) -> Parsed<Piece> {
        if !matches!(self.peek_word().kind, Kind::Keyword(Keyword::If | Keyword::With)) {
            self.expect(Kind::RightDelimiter, "else")?;
        }
        Ok(Piece::Ending(Ending::Else))
    }

    fn control(&mut self, context: &str, frame: &mut Frame) -> Parsed<Branch> {
        let known = frame.variables.len();
        let pipe = self.pipeline(context, Kind::RightDelimiter, frame)?;
        frame.loops += usize::from(context == "range");
        let (body, ending) = self.list(frame)?;
        frame.loops -= usize::from(context == "range");
        let otherwise = match ending {
            Ending::End => None,
            Ending::Else => Some(self.other_branch(context, frame)?),
        };
        frame.variables.truncate(known);
        Ok(Branch { pipe, body, otherwise })
    }

    fn other_branch(&mut self, context: &str, frame: &mut Frame) -> Parsed<Vec<Node>> {
        let keyword = self.peek().kind;
        let is_chained = (context == "if" && keyword == Kind::Keyword(Keyword::If))
            || (context == "with" && keyword == Kind::Keyword(Keyword::With));
        if !is_chained {
            let (nodes, ending) = self.list(frame)?;
            if ending == Ending::Else {
                return Err(format!("expected end; found {}", ending.text()));
            }
            return Ok(nodes);
        }
        self.next();
        self.deeper()?;
        let branch = self.control(context, frame)?;
        self.depth -= 1;
        Ok(vec![if context == "if" { Node::If(branch) } else { Node::With(branch) }])
    }

    fn block(&mut self, frame: &mut Frame) -> Parsed<Node> {
        const CONTEXT: &str = "block clause";
        let item = self.next_word();
        let name = self.template_name(&item, CONTEXT)?;
        let pipe = self.pipeline(CONTEXT, Kind::RightDelimiter, frame)?;
        self.body_of(name.clone(), CONTEXT)?;
        Ok(Node::Template(Invocation { pos: item.pos, name, pipe: Some(pipe) }))
    }

    fn template(&mut self, frame: &mut Frame) -> Parsed<Node> {
        const CONTEXT: &str = "template clause";
        let item = self.next_word();
        let name = self.template_name(&item, CONTEXT)?;
        let pipe = if self.peek_word().kind == Kind::RightDelimiter {
            self.next();
            None
        } else {
            Some(self.pipeline(CONTEXT, Kind::RightDelimiter, frame)?)
        };
        Ok(Node::Template(Invocation { pos: item.pos, name, pipe }))
    }

    fn template_name(&mut self, item: &Item, context: &str) -> Parsed<String> {
        if !matches!(item.kind, Kind::String | Kind::RawString) {
            return Err(self.unexpected(item, context));
        }
        unquote(&item.text).ok_or_else(|| "invalid syntax".to_owned())
    }

    fn pipeline(&mut self, context: &str, end: Kind, frame: &mut Frame) -> Parsed<Pipe> {
        let pos = self.peek_word().pos;
        let mut pipe = Pipe { pos, is_assignment: false, variables: Vec::new(), commands: Vec::new() };
        while self.declaration(context, &mut pipe, frame)? {}
        loop {
            let item = self.peek_word();
            if item.kind == end {
                self.next();
                break;
            }
            if !begins_a_term(item.kind) {
                return Err(self.unexpected(&item, context));
            }
            let command = self.command(frame)?;
            pipe.commands.push(command);
        }
        check(&pipe, context)?;
        Ok(pipe)
    }

    /// Reads `$x :=`, `$x =` or, in a range, `$x,`; true when another variable follows.
    fn declaration(&mut self, context: &str, pipe: &mut Pipe, frame: &mut Frame) -> Parsed<bool> {
        let variable = self.peek_word();
        if variable.kind != Kind::Variable {
            return Ok(false);
        }
        let back = self.at;
        self.next();
        let sign = self.peek_word();
        let is_comma = sign.kind == Kind::Char && sign.text == ",";
        if !is_comma && !matches!(sign.kind, Kind::Assign | Kind::Declare) {
            self.at = back;
            return Ok(false);
        }
        self.next();
        pipe.variables.push(variable.text.clone());
        frame.variables.push(variable.text);
        if !is_comma {
            pipe.is_assignment = sign.kind == Kind::Assign;
            return Ok(false);
        }
        if context != "range" || pipe.variables.len() > 1 {
            return Err(format!("too many declarations in {context}"));
        }
        if !matches!(self.peek_word().kind, Kind::Variable | Kind::RightDelimiter | Kind::RightParen) {
            return Err("range can only initialize variables".to_owned());
        }
        Ok(true)
    }

    fn command(&mut self, frame: &mut Frame) -> Parsed<Command> {
        let pos = self.peek_word().pos;
        let mut terms = Vec::new();
        loop {
            self.skip_space();
            terms.extend(self.operand(frame)?);
            let item = self.peek();
            if matches!(item.kind, Kind::RightDelimiter | Kind::RightParen) {
                break;
            }
            if !matches!(item.kind, Kind::Space | Kind::Pipe) {
                return Err(self.unexpected(&item, "operand"));
            }
            self.next();
            if item.kind == Kind::Pipe {
                break;
            }
        }
        if terms.is_empty() {
            return Err("empty command".to_owned());
        }
        Ok(Command { pos, terms })
    }

    fn operand(&mut self, frame: &mut Frame) -> Parsed<Option<Term>> {
        let Some(term) = self.term(frame)? else { return Ok(None) };
        let first = self.peek();
        if first.kind != Kind::Field {
            return Ok(Some(term));
        }
        let mut names = Vec::new();
        while self.peek().kind == Kind::Field {
            names.extend(names_of(&self.next().text));
        }
        let kind = match term.kind {
            TermKind::Field(known) => TermKind::Field([known, names].concat()),
            TermKind::Variable(known) => TermKind::Variable([known, names].concat()),
            TermKind::Bool(_) | TermKind::Text(..) | TermKind::Number(_) | TermKind::Nil | TermKind::Dot => {
                return Err(format!("unexpected . after term {}", quote(&term.to_string())));
            }
            TermKind::Identifier(_) | TermKind::Chain(..) | TermKind::Pipe(_) => {
                TermKind::Chain(Box::new(term), names)
            }
        };
        Ok(Some(Term { pos: first.pos, kind }))
    }

    fn term(&mut self, frame: &mut Frame) -> Parsed<Option<Term>> {
        let item = self.peek_word();
        if !begins_a_term(item.kind) {
            return Ok(None);
        }
        self.next();
        if item.kind == Kind::LeftParen {
            return self.parenthesized(frame).map(Some);
        }
        let kind = if item.kind == Kind::Identifier {
            if !(self.knows)(&item.text) {
                return Err(format!("function {} not defined", quote(&item.text)));
            }
            TermKind::Identifier(item.text)
        } else if item.kind == Kind::Variable {
            if !frame.variables.contains(&item.text) {
                return Err(format!("undefined variable {}", quote(&item.text)));
            }
            TermKind::Variable(vec![item.text])
        } else {
            constant(&item)?
        };
        Ok(Some(Term { pos: item.pos, kind }))
    }

    fn parenthesized(&mut self, frame: &mut Frame) -> Parsed<Term> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("max expression depth exceeded".to_owned());
        }
        let pipe = self.pipeline("parenthesized pipeline", Kind::RightParen, frame)?;
        self.depth -= 1;
        Ok(Term { pos: pipe.pos, kind: TermKind::Pipe(Box::new(pipe)) })
    }
}

fn begins_a_term(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Bool
            | Kind::CharConstant
            | Kind::Complex
            | Kind::Dot
            | Kind::Field
            | Kind::Identifier
            | Kind::Number
            | Kind::Nil
            | Kind::RawString
            | Kind::String
            | Kind::Variable
            | Kind::LeftParen
    )
}

/// A term that means the same wherever it stands, or a field.
fn constant(item: &Item) -> Parsed<TermKind> {
    Ok(if item.kind == Kind::Dot {
        TermKind::Dot
    } else if item.kind == Kind::Nil {
        TermKind::Nil
    } else if item.kind == Kind::Bool {
        TermKind::Bool(item.text == "true")
    } else if item.kind == Kind::Field {
        TermKind::Field(names_of(&item.text).collect())
    } else if matches!(item.kind, Kind::String | Kind::RawString) {
        TermKind::Text(item.text.clone(), unquote(&item.text).ok_or("invalid syntax")?)
    } else {
        TermKind::Number(number(&item.text)?)
    })
}

/// What follows a pipe sign must be able to take an argument.
fn check(pipe: &Pipe, context: &str) -> Parsed {
    if pipe.commands.is_empty() {
        return Err(format!("missing value for {context}"));
    }
    for (index, command) in pipe.commands.iter().enumerate().skip(1) {
        let is_constant = command.terms.first().is_some_and(|term| {
            matches!(
                term.kind,
                TermKind::Bool(_) | TermKind::Dot | TermKind::Nil | TermKind::Number(_) | TermKind::Text(..)
            )
        });
        if is_constant {
            return Err(format!("non executable command in pipeline stage {}", index + 1));
        }
    }
    Ok(())
}

fn names_of(field: &str) -> impl Iterator<Item = String> + '_ {
    field.trim_start_matches('.').split('.').map(str::to_owned)
}

fn shortened(text: &str) -> String {
    if text.len() <= 10 {
        return quote(text);
    }
    let short: String = text.chars().take(10).collect();
    format!("{}...", quote(&short))
}

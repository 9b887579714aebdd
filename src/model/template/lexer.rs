//! A template's text as items: text between actions, and the words inside of them.

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The text is an error's message; nothing follows.
    Error,
    Bool,
    Char,
    CharConstant,
    Complex,
    Assign,
    Declare,
    End,
    Field,
    Identifier,
    LeftDelimiter,
    LeftParen,
    Number,
    Pipe,
    RawString,
    RightDelimiter,
    RightParen,
    Space,
    String,
    Text,
    Variable,
    Dot,
    Nil,
    Keyword(Keyword),
}

/// The words that begin an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyword {
    Block,
    Break,
    Continue,
    Define,
    Else,
    End,
    If,
    Range,
    Template,
    With,
}

/// A piece of a template.
#[derive(Clone, Debug)]
pub struct Item {
    pub kind: Kind,
    /// Offset in bytes.
    pub pos: usize,
    pub text: String,
    /// Counted from 1.
    pub line: usize,
}

const SPACES: &[char] = &[' ', '\t', '\r', '\n'];
const MARKER: usize = 2;

struct Lexer<'a> {
    input: &'a str,
    left: &'a str,
    right: &'a str,
    pos: usize,
    start: usize,
    start_line: usize,
    /// Newlines are counted up to here.
    counted: usize,
    parens: usize,
    items: Vec<Item>,
}

/// The items of a template. The last one is an error or the end.
pub fn lex(input: &str, left: &str, right: &str) -> Vec<Item> {
    let mut lexer = Lexer {
        input,
        left,
        right,
        pos: 0,
        start: 0,
        start_line: 1,
        counted: 0,
        parens: 0,
        items: Vec::new(),
    };
    if let Err(message) = lexer.run() {
        let (pos, line) = (lexer.start, lexer.start_line);
        lexer.items.push(Item { kind: Kind::Error, pos, text: message, line });
    }
    let line = lexer.start_line;
    lexer.items.push(Item { kind: Kind::End, pos: lexer.pos, text: "EOF".to_owned(), line });
    lexer.items
}

type Step = Result<(), String>;

impl Lexer<'_> {
    fn run(&mut self) -> Step {
        while let Some(offset) = self.rest().find(self.left) {
            self.text_until(offset);
            if self.at_comment() {
                self.comment()?;
            } else {
                self.action()?;
            }
        }
        self.pos = self.input.len();
        if self.pos > self.start {
            self.emit(Kind::Text);
        }
        Ok(())
    }

    fn rest(&self) -> &str {
        &self.input[self.pos..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let found = self.peek()?;
        self.pos += found.len_utf8();
        Some(found)
    }

    fn accept(&mut self, wanted: impl Fn(char) -> bool) -> bool {
        let is_wanted = self.peek().is_some_and(wanted);
        if is_wanted {
            self.next();
        }
        is_wanted
    }

    fn emit(&mut self, kind: Kind) {
        let text = self.input[self.start..self.pos].to_owned();
        self.items.push(Item { kind, pos: self.start, text, line: self.start_line });
        self.ignore();
    }

    fn ignore(&mut self) {
        self.start_line += self.input[self.counted..self.pos].matches('\n').count();
        self.counted = self.pos;
        self.start = self.pos;
    }

    fn text_until(&mut self, offset: usize) {
        let delimiter = self.pos + offset;
        let text = &self.input[self.pos..delimiter];
        let trims = has_left_marker(&self.input[delimiter + self.left.len()..]);
        let kept = if trims { text.trim_end_matches(SPACES) } else { text };
        let kept_length = kept.len();
        self.pos += kept_length;
        if kept_length > 0 {
            self.emit(Kind::Text);
        }
        self.pos = delimiter;
        self.ignore();
    }

    fn marker_length(&self) -> usize {
        if has_left_marker(&self.input[self.pos + self.left.len()..]) { MARKER } else { 0 }
    }

    fn at_comment(&self) -> bool {
        self.input[self.pos + self.left.len() + self.marker_length()..].starts_with("/*")
    }

    fn comment(&mut self) -> Step {
        self.pos += self.left.len() + self.marker_length();
        self.ignore();
        let Some(length) = self.input[self.pos + 2..].find("*/") else {
            return Err("unclosed comment".to_owned());
        };
        self.pos += 2 + length + 2;
        let Some(trims) = self.right_delimiter() else {
            return Err("comment ends before closing delimiter".to_owned());
        };
        self.leave_action(trims);
        self.ignore();
        Ok(())
    }

    /// Steps over the right delimiter and, with a trim marker, over the spaces that follow.
    fn leave_action(&mut self, trims: bool) {
        self.pos += self.right.len() + if trims { MARKER } else { 0 };
        if trims {
            let rest = self.rest();
            self.pos += rest.len() - rest.trim_start_matches(SPACES).len();
        }
    }

    /// Whether a right delimiter is here, and whether it trims.
    fn right_delimiter(&self) -> Option<bool> {
        let rest = self.rest();
        if has_right_marker(rest) && rest[MARKER..].starts_with(self.right) {
            return Some(true);
        }
        rest.starts_with(self.right).then_some(false)
    }

    fn action(&mut self) -> Step {
        let marker = self.marker_length();
        self.pos += self.left.len();
        self.emit(Kind::LeftDelimiter);
        self.pos += marker;
        self.ignore();
        self.parens = 0;
        loop {
            if let Some(trims) = self.right_delimiter() {
                if self.parens > 0 {
                    return Err("unclosed left paren".to_owned());
                }
                self.close(trims);
                return Ok(());
            }
            self.word()?;
        }
    }

    fn close(&mut self, trims: bool) {
        if trims {
            self.pos += MARKER;
            self.ignore();
        }
        self.pos += self.right.len();
        self.emit(Kind::RightDelimiter);
        if trims {
            let rest = self.rest();
            self.pos += rest.len() - rest.trim_start_matches(SPACES).len();
            self.ignore();
        }
    }

    fn word(&mut self) -> Step {
        let Some(found) = self.next() else { return Err("unclosed action".to_owned()) };
        match found {
            ' ' | '\t' | '\r' | '\n' => self.space(),
            '=' => self.emit(Kind::Assign),
            ':' if self.accept(|next| next == '=') => self.emit(Kind::Declare),
            ':' => return Err("expected :=".to_owned()),
            '|' => self.emit(Kind::Pipe),
            '"' => self.quoted('"', "unterminated quoted string", Kind::String)?,
            '\'' => self.quoted('\'', "unterminated character constant", Kind::CharConstant)?,
            '`' => self.raw()?,
            '$' => self.name(Kind::Variable, Kind::Variable)?,
            '.' if !self.peek().is_some_and(|next| next.is_ascii_digit()) && self.peek().is_some() => {
                self.name(Kind::Dot, Kind::Field)?;
            }
            '.' | '+' | '-' | '0'..='9' => self.number()?,
            '(' => {
                self.parens += 1;
                self.emit(Kind::LeftParen);
            }
            ')' => {
                self.parens = self.parens.checked_sub(1).ok_or("unexpected right paren")?;
                self.emit(Kind::RightParen);
            }
            letter if is_alphanumeric(letter) => self.identifier()?,
            sign if sign.is_ascii_graphic() => self.emit(Kind::Char),
            other => return Err(format!("unrecognized character in action: {}", code_point(other))),
        }
        Ok(())
    }

    /// A run of spaces; one directly before a trim marker belongs to the delimiter.
    fn space(&mut self) {
        let mut last = self.pos - 1;
        while self.peek().is_some_and(|next| SPACES.contains(&next)) {
            last = self.pos;
            self.next();
        }
        let rest = &self.input[last..];
        if has_right_marker(rest) && rest[MARKER..].starts_with(self.right) {
            self.pos = last;
            if self.pos == self.start {
                return;
            }
        }
        self.emit(Kind::Space);
    }

    fn identifier(&mut self) -> Step {
        while self.accept(is_alphanumeric) {}
        self.must_end()?;
        let kind = match &self.input[self.start..self.pos] {
            "block" => Kind::Keyword(Keyword::Block),
            "break" => Kind::Keyword(Keyword::Break),
            "continue" => Kind::Keyword(Keyword::Continue),
            "define" => Kind::Keyword(Keyword::Define),
            "else" => Kind::Keyword(Keyword::Else),
            "end" => Kind::Keyword(Keyword::End),
            "if" => Kind::Keyword(Keyword::If),
            "range" => Kind::Keyword(Keyword::Range),
            "template" => Kind::Keyword(Keyword::Template),
            "with" => Kind::Keyword(Keyword::With),
            "nil" => Kind::Nil,
            "true" | "false" => Kind::Bool,
            _ => Kind::Identifier,
        };
        self.emit(kind);
        Ok(())
    }

    fn name(&mut self, alone: Kind, named: Kind) -> Step {
        if self.at_terminator() {
            self.emit(alone);
            return Ok(());
        }
        while self.accept(is_alphanumeric) {}
        self.must_end()?;
        self.emit(named);
        Ok(())
    }

    fn must_end(&self) -> Step {
        match self.peek() {
            Some(found) if !self.at_terminator() => Err(format!("bad character {}", code_point(found))),
            Some(_) | None => Ok(()),
        }
    }

    fn at_terminator(&self) -> bool {
        match self.peek() {
            None | Some(' ' | '\t' | '\r' | '\n' | '.' | ',' | '|' | ':' | ')' | '(') => true,
            Some(_) => self.rest().starts_with(self.right),
        }
    }

    fn quoted(&mut self, quote: char, open: &str, kind: Kind) -> Step {
        loop {
            match self.next() {
                Some('\\') if !matches!(self.peek(), None | Some('\n')) => drop(self.next()),
                None | Some('\n' | '\\') => return Err(open.to_owned()),
                Some(found) if found == quote => break,
                Some(_) => {}
            }
        }
        self.emit(kind);
        Ok(())
    }

    fn raw(&mut self) -> Step {
        let Some(length) = self.rest().find('`') else {
            return Err("unterminated raw quoted string".to_owned());
        };
        self.pos += length + 1;
        self.emit(Kind::RawString);
        Ok(())
    }

    fn number(&mut self) -> Step {
        self.pos = self.start;
        let mut is_good = self.scan_number();
        let mut kind = Kind::Number;
        if is_good && matches!(self.peek(), Some('+' | '-')) {
            is_good = self.scan_number() && self.input[..self.pos].ends_with('i');
            kind = Kind::Complex;
        }
        if !is_good {
            let text = &self.input[self.start..self.pos];
            return Err(format!("bad number syntax: {}", super::literals::quote(text)));
        }
        self.emit(kind);
        Ok(())
    }

    fn scan_number(&mut self) -> bool {
        self.accept(|sign| matches!(sign, '+' | '-'));
        let mut radix = 10;
        if self.accept(|zero| zero == '0') {
            for (sign, other) in [('x', 16), ('o', 8), ('b', 2)] {
                if radix == 10 && self.accept(|found| found.eq_ignore_ascii_case(&sign)) {
                    radix = other;
                }
            }
        }
        let is_digit = |found: char| found == '_' || found.is_digit(radix);
        while self.accept(is_digit) {}
        if self.accept(|point| point == '.') {
            while self.accept(is_digit) {}
        }
        let exponent = match radix {
            10 => Some('e'),
            16 => Some('p'),
            _ => None,
        };
        if exponent.is_some_and(|sign| self.accept(|found| found.eq_ignore_ascii_case(&sign))) {
            self.accept(|sign| matches!(sign, '+' | '-'));
            while self.accept(|found| found == '_' || found.is_ascii_digit()) {}
        }
        self.accept(|imaginary| imaginary == 'i');
        !self.accept(is_alphanumeric)
    }
}

fn is_alphanumeric(letter: char) -> bool {
    letter == '_' || letter.is_alphanumeric()
}

fn has_left_marker(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first() == Some(&b'-') && bytes.get(1).is_some_and(|byte| b" \t\r\n".contains(byte))
}

fn has_right_marker(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.get(1) == Some(&b'-') && bytes.first().is_some_and(|byte| b" \t\r\n".contains(byte))
}

/// A character as Go's messages name it: `U+002D '-'`.
pub fn code_point(letter: char) -> String {
    let number = u32::from(letter);
    if super::literals::is_printable(letter) {
        format!("U+{number:04X} '{letter}'")
    } else {
        format!("U+{number:04X}")
    }
}

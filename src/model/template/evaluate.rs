//! What a pipeline comes to: functions are called, fields looked up, arguments fitted to what is asked for.

use super::functions::{Function, Parameter, Work, find};
use super::literals::Amount;
use super::machine::{Machine, Site, Slot};
use super::session::LONGEST;
use super::syntax::{Command, Pipe, Term, TermKind};
use super::value::Value;

type Evaluated = Result<Slot, String>;

impl<'t> Machine<'t, '_, '_> {
    /// The result of a pipeline; its variables keep it.
    pub(super) fn pipeline(&mut self, dot: &Slot, pipe: &'t Pipe) -> Evaluated {
        self.session.enter().map_err(|message| self.fail(message))?;
        self.at = Site::Pipe(pipe);
        let mut result = None;
        for command in &pipe.commands {
            result = Some(self.command(dot, command, result)?.unboxed());
        }
        let result = result.unwrap_or(Slot::Nothing);
        for name in &pipe.variables {
            if pipe.is_assignment {
                self.assign(name, result.clone())?;
            } else {
                self.declare(name, result.clone());
            }
        }
        self.session.leave();
        Ok(result)
    }

    /// A command with what the one before it hands on.
    fn command(&mut self, dot: &Slot, command: &'t Command, last: Option<Slot>) -> Evaluated {
        let Some(first) = command.terms.first() else { return Ok(Slot::Nothing) };
        let has_arguments = command.terms.len() > 1 || last.is_some();
        match &first.kind {
            TermKind::Identifier(name) => {
                self.at = Site::Term(first);
                return self.call(dot, name, Site::Command(command), &command.terms[1..], last);
            }
            TermKind::Field(names) => {
                self.at = Site::Term(first);
                return self.fields(dot.clone(), names, has_arguments);
            }
            TermKind::Chain(inner, names) => return self.chain(dot, first, inner, names, has_arguments),
            TermKind::Variable(names) => {
                self.at = Site::Term(first);
                if names.len() == 1 && has_arguments {
                    return Err(self.not_a_function(first));
                }
                return self.variable_fields(names, has_arguments);
            }
            TermKind::Pipe(pipe) => {
                if has_arguments {
                    return Err(self.not_a_function(first));
                }
                return self.pipeline(dot, pipe);
            }
            TermKind::Bool(_) | TermKind::Dot | TermKind::Nil | TermKind::Number(_) | TermKind::Text(..) => {}
        }
        self.at = Site::Term(first);
        if has_arguments {
            return Err(self.not_a_function(first));
        }
        if matches!(first.kind, TermKind::Nil) {
            return Err(self.fail("nil is not a command"));
        }
        self.constant(dot, first)
    }

    fn not_a_function(&self, term: &Term) -> String {
        self.fail(format!("can't give argument to non-function {term}"))
    }

    fn constant(&mut self, dot: &Slot, term: &'t Term) -> Evaluated {
        self.at = Site::Term(term);
        match &term.kind {
            TermKind::Bool(value) => Ok(Slot::Plain(Value::Bool(*value))),
            TermKind::Text(_, meant) => Ok(Slot::Plain(Value::text(meant.as_str()))),
            TermKind::Number(number) => match number.value {
                Amount::Int(value) => Ok(Slot::Plain(Value::Int(value))),
                Amount::Float(value) => Ok(Slot::Plain(Value::Float(value))),
                Amount::TooLarge => Err(self.fail(format!("{} overflows int", number.text))),
            },
            TermKind::Dot => Ok(dot.clone()),
            TermKind::Nil
            | TermKind::Field(_)
            | TermKind::Variable(_)
            | TermKind::Identifier(_)
            | TermKind::Chain(..)
            | TermKind::Pipe(_) => Ok(Slot::Nothing),
        }
    }

    fn chain(
        &mut self,
        dot: &Slot,
        term: &'t Term,
        inner: &'t Term,
        names: &[String],
        has_arguments: bool,
    ) -> Evaluated {
        self.at = Site::Term(term);
        let receiver = self.argument(dot, inner, Parameter::Raw)?;
        self.fields(receiver, names, has_arguments)
    }

    fn variable_fields(&mut self, names: &[String], has_arguments: bool) -> Evaluated {
        let (first, rest) = names.split_first().ok_or_else(|| self.fail("a variable without a name"))?;
        let value = self.variable(first)?;
        if rest.is_empty() { Ok(value) } else { self.fields(value, rest, has_arguments) }
    }

    fn fields(&self, mut receiver: Slot, names: &[String], has_arguments: bool) -> Evaluated {
        for (index, name) in names.iter().enumerate() {
            receiver = self.field(receiver, name, has_arguments && index + 1 == names.len())?;
        }
        Ok(receiver)
    }

    fn field(&self, receiver: Slot, name: &str, has_arguments: bool) -> Evaluated {
        let (value, type_name) = match receiver {
            Slot::Nothing => return Ok(Slot::Nothing),
            Slot::Boxed(Value::Nil) | Slot::Plain(Value::Nil) => {
                return Err(self.fail(format!("nil pointer evaluating interface {{}}.{name}")));
            }
            Slot::Boxed(value) => (value, "interface {}"),
            Slot::Plain(value) => {
                let type_name = value.type_name();
                (value, type_name)
            }
        };
        if let Value::Map(map) = &value {
            if has_arguments {
                return Err(self.fail(format!("{name} is not a method but has arguments")));
            }
            return Ok(map.named(name).map_or(Slot::Nothing, |found| Slot::Boxed(found.clone())));
        }
        if let Value::Stream(stream) = &value
            && name == "Name"
        {
            return Ok(Slot::Plain(Value::text(stream.name.as_str())));
        }
        Err(self.fail(format!("can't evaluate field {name} in type {type_name}")))
    }

    /// Calls a function. `site` is where an error of the function is said to be.
    fn call(
        &mut self,
        dot: &Slot,
        name: &'t str,
        site: Site<'t>,
        terms: &'t [Term],
        last: Option<Slot>,
    ) -> Evaluated {
        self.session.step().map_err(|message| self.fail(message))?;
        let Some(function) = find(name) else {
            return Err(self.fail(format!("{name:?} is not a defined function")));
        };
        self.count_arguments(name, &function, terms.len(), last.is_some())?;
        if let Work::Deciding(stops_at) = function.work {
            return self.decide(dot, stops_at, terms, last);
        }
        let mut arguments = Vec::with_capacity(terms.len() + 1);
        for (index, term) in terms.iter().enumerate() {
            arguments.push(self.argument(dot, term, function.parameter(index))?);
        }
        if let Some(last) = last {
            let parameter = function.parameter(arguments.len());
            arguments.push(self.fitted(last, parameter)?);
        }
        let result = match function.work {
            Work::Deciding(_) => Ok(Slot::Nothing),
            Work::Reflecting(run) => run(arguments),
            Work::Pure(run) => run(&values(arguments)).map(Slot::Boxed),
            Work::Asking(run) => run(self.session, &values(arguments)).map(Slot::Boxed),
            Work::Calling => {
                let shown = terms.first().map_or_else(|| "<no value>".to_owned(), Term::to_string);
                Err(match arguments.into_iter().next().map(Slot::unboxed) {
                    Some(Slot::Plain(value) | Slot::Boxed(value)) => {
                        format!("non-function {shown} of type {}", value.type_name())
                    }
                    Some(Slot::Nothing) | None => "call of nil".to_owned(),
                })
            }
        };
        result.and_then(short_enough).map_err(|message| {
            self.at = site;
            self.fail(format!("error calling {name}: {message}"))
        })
    }

    fn count_arguments(
        &self,
        name: &str,
        function: &Function,
        written: usize,
        has_last: bool,
    ) -> Result<(), String> {
        let (wanted, got) = (function.parameters.len(), written + usize::from(has_last));
        if function.rest.is_some() {
            if got < wanted {
                let message =
                    format!("wrong number of args for {name}: want at least {wanted} got {written}");
                return Err(self.fail(message));
            }
        } else if got != wanted {
            return Err(self.fail(format!("wrong number of args for {name}: want {wanted} got {got}")));
        }
        Ok(())
    }

    /// `and`, `or`: the first argument that settles it, else the last; what follows is not looked at.
    fn decide(&mut self, dot: &Slot, stops_at: bool, terms: &'t [Term], last: Option<Slot>) -> Evaluated {
        let mut slot = Slot::Nothing;
        for term in terms {
            slot = self.argument(dot, term, Parameter::Raw)?;
            if slot.is_true() == stops_at {
                return Ok(slot);
            }
        }
        Ok(last.unwrap_or(slot))
    }

    fn argument(&mut self, dot: &Slot, term: &'t Term, parameter: Parameter) -> Evaluated {
        self.at = Site::Term(term);
        let slot = match &term.kind {
            TermKind::Dot => dot.clone(),
            TermKind::Nil if parameter == Parameter::Text => {
                return Err(self.fail("cannot assign nil to string"));
            }
            TermKind::Nil => Slot::Nothing,
            TermKind::Field(names) => self.fields(dot.clone(), names, false)?,
            TermKind::Variable(names) => self.variable_fields(names, false)?,
            TermKind::Pipe(pipe) => self.pipeline(dot, pipe)?,
            TermKind::Identifier(name) => self.call(dot, name, Site::Term(term), &[], None)?,
            TermKind::Chain(inner, names) => self.chain(dot, term, inner, names, false)?,
            TermKind::Bool(_) | TermKind::Number(_) | TermKind::Text(..) => {
                return self.constant_argument(dot, term, parameter);
            }
        };
        self.fitted(slot, parameter)
    }

    fn constant_argument(&mut self, dot: &Slot, term: &'t Term, parameter: Parameter) -> Evaluated {
        let is_text = matches!(term.kind, TermKind::Text(..));
        match parameter {
            Parameter::Text if !is_text => Err(self.fail(format!("expected string; found {term}"))),
            Parameter::List => {
                Err(self.fail(format!("can't handle {term} for arg of type []interface {{}}")))
            }
            Parameter::Raw | Parameter::Any | Parameter::Text => self.constant(dot, term),
        }
    }

    /// The value as the parameter wants it.
    fn fitted(&self, slot: Slot, parameter: Parameter) -> Evaluated {
        let wanted = match parameter {
            Parameter::Raw | Parameter::Any => return Ok(slot),
            Parameter::Text => "string",
            Parameter::List => "[]interface {}",
        };
        let got = match (&slot, parameter) {
            (Slot::Nothing, Parameter::List) => return Ok(Slot::Plain(Value::list(Vec::new()))),
            (Slot::Nothing, _) => return Err(self.fail(format!("invalid value; expected {wanted}"))),
            (Slot::Boxed(Value::Nil) | Slot::Plain(Value::Nil), _) => "interface {}",
            (Slot::Plain(value) | Slot::Boxed(value), _) => value.type_name(),
        };
        if got == wanted {
            return Ok(slot);
        }
        Err(self.fail(format!("wrong type for value; expected {wanted}; got {got}")))
    }
}

fn values(slots: Vec<Slot>) -> Vec<Value> {
    slots.into_iter().map(Slot::value).collect()
}

/// A value that has not grown without bounds.
fn short_enough(slot: Slot) -> Evaluated {
    match &slot {
        Slot::Plain(Value::Text(text)) | Slot::Boxed(Value::Text(text)) if text.len() > LONGEST => {
            Err(format!("the result is longer than {LONGEST} bytes"))
        }
        Slot::Plain(_) | Slot::Boxed(_) | Slot::Nothing => Ok(slot),
    }
}

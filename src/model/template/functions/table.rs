//! Which functions there are, and what they take.

use super::super::machine::Slot;
use super::super::session::Session;
use super::super::value::Value;
use super::super::{builtins, compare};
use super::{data, files, jmespath, lists, texts};

/// What a function takes in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// Anything, boxed or not.
    Raw,
    /// Anything.
    Any,
    Text,
    List,
}

/// What a function does.
#[derive(Clone, Copy)]
pub enum Work {
    /// `and` stops at what is false, `or` at what is true.
    Deciding(bool),
    /// `call`, for which there are no functions to be called.
    Calling,
    /// Looks at its arguments with their boxes.
    Reflecting(fn(Vec<Slot>) -> Result<Slot, String>),
    Pure(fn(&[Value]) -> Result<Value, String>),
    /// Asks the world, or renders another template.
    Asking(fn(&mut Session<'_>, &[Value]) -> Result<Value, String>),
}

/// A function.
#[derive(Clone, Copy)]
pub struct Function {
    pub parameters: &'static [Parameter],
    /// What any further arguments are.
    pub rest: Option<Parameter>,
    pub work: Work,
}

impl Function {
    /// What is taken in this place.
    pub fn parameter(&self, index: usize) -> Parameter {
        self.parameters.get(index).copied().or(self.rest).unwrap_or(Parameter::Any)
    }
}

/// True when there is a function of this name.
pub fn knows(name: &str) -> bool {
    find(name).is_some()
}

const fn function(parameters: &'static [Parameter], work: Work) -> Function {
    Function { parameters, rest: None, work }
}

const fn variadic(parameters: &'static [Parameter], rest: Parameter, work: Work) -> Function {
    Function { parameters, rest: Some(rest), work }
}

/// The function of this name.
pub fn find(name: &str) -> Option<Function> {
    builtin(name).or_else(|| of_texts_and_lists(name)).or_else(|| of_data_and_files(name))
}

fn builtin(name: &str) -> Option<Function> {
    use Parameter::{Any, Raw, Text};
    use Work::{Calling, Deciding, Pure, Reflecting};
    Some(match name {
        "and" => variadic(&[Raw], Raw, Deciding(false)),
        "or" => variadic(&[Raw], Raw, Deciding(true)),
        "call" => variadic(&[Raw], Raw, Calling),
        "not" => function(&[Raw], Reflecting(builtins::not)),
        "len" => function(&[Raw], Reflecting(builtins::len)),
        "index" => variadic(&[Raw], Raw, Reflecting(builtins::index)),
        "slice" => variadic(&[Raw], Raw, Reflecting(builtins::slice)),
        "eq" => variadic(&[Raw], Raw, Reflecting(compare::eq)),
        "ne" => function(&[Raw, Raw], Reflecting(compare::ne)),
        "lt" => function(&[Raw, Raw], Reflecting(compare::lt)),
        "le" => function(&[Raw, Raw], Reflecting(compare::le)),
        "gt" => function(&[Raw, Raw], Reflecting(compare::gt)),
        "ge" => function(&[Raw, Raw], Reflecting(compare::ge)),
        "print" => variadic(&[], Any, Pure(builtins::print)),
        "println" => variadic(&[], Any, Pure(builtins::println)),
        "printf" => variadic(&[Text], Any, Pure(builtins::printf)),
        "html" => variadic(&[], Any, Pure(builtins::html)),
        "js" => variadic(&[], Any, Pure(builtins::js)),
        "urlquery" => variadic(&[], Any, Pure(builtins::urlquery)),
        _ => return None,
    })
}

fn of_texts_and_lists(name: &str) -> Option<Function> {
    use Parameter::{Any, List, Text};
    use Work::Pure;
    Some(match name {
        "capitalize" => function(&[Any], Pure(texts::capitalize)),
        "lower" => function(&[Any], Pure(texts::lower)),
        "upper" => function(&[Any], Pure(texts::upper)),
        "replace" => function(&[Text, Text, Any], Pure(texts::replace)),
        "trim" => function(&[Any], Pure(texts::trim)),
        "indent" => function(&[Text, Any], Pure(texts::indent)),
        "match" => function(&[Text, Any], Pure(texts::matches)),
        "substr" => function(&[Text, Any], Pure(texts::substr)),
        "default" => function(&[Any, Any], Pure(lists::default)),
        "split" => function(&[Text, Any], Pure(lists::split)),
        "join" => function(&[Text, List], Pure(lists::join)),
        "splitkv" => function(&[Text, List], Pure(lists::splitkv)),
        "joinkv" => function(&[Text, Any], Pure(lists::joinkv)),
        "seq" => function(&[Any], Pure(lists::seq)),
        "uniq" => variadic(&[], List, Pure(lists::uniq)),
        "append" => function(&[Any, List], Pure(lists::append)),
        "drop" => function(&[Any, List], Pure(lists::drop)),
        _ => return None,
    })
}

fn of_data_and_files(name: &str) -> Option<Function> {
    use Parameter::{Any, Text};
    use Work::{Asking, Pure};
    Some(match name {
        "pointer" => function(&[Text, Any], Pure(data::pointer)),
        "jmespath" => function(&[Text, Any], Pure(jmespath::search)),
        "tojson" => function(&[Any], Pure(data::tojson)),
        "toyaml" => function(&[Any], Pure(data::toyaml)),
        "json" => function(&[Any], Asking(data::json)),
        "yaml" => function(&[Any], Asking(data::yaml)),
        "base64enc" => function(&[Any], Asking(data::base64enc)),
        "base64dec" => function(&[Any], Asking(data::base64dec)),
        "var" => function(&[Text], Asking(files::var)),
        "file" | "text" => function(&[Any], Asking(files::text)),
        "exists" => function(&[Any], Asking(files::exists)),
        "dir" => function(&[Any], Asking(files::dir)),
        "dirs" => function(&[Any], Asking(files::dirs)),
        "files" => function(&[Any], Asking(files::files)),
        "sh" => function(&[Any], Asking(files::sh)),
        "httpget" => function(&[Any], Asking(files::httpget)),
        "stdin" => function(&[], Asking(files::stdin)),
        "include" => variadic(&[Text], Any, Asking(files::include)),
        "render" => variadic(&[], Any, Asking(files::render)),
        _ => return None,
    })
}

//! Functions that ask the world, and those that render other templates.

use std::sync::Arc;

use super::super::session::{Session, Variables};
use super::super::value::{Stream, Value};
use super::texts::{at, plain, text_of};

type Result<T = Value> = std::result::Result<T, String>;

/// Where a file is: absolute, in the working folder, or in one of the folders of the session.
fn look_up(session: &Session<'_>, file: &str) -> Result<String> {
    if file.starts_with('/') {
        if session.world.exists(file) {
            return Ok(file.to_owned());
        }
    } else {
        let nearby = session.folders.iter().map(|folder| format!("{}/{file}", folder.trim_end_matches('/')));
        if let Some(found) =
            std::iter::once(file.to_owned()).chain(nearby).find(|path| session.world.exists(path))
        {
            return Ok(found);
        }
    }
    Err(format!("Not found in path: {file} [{}]", session.folders.join(" ")))
}

/// The text of a stream, or of the file of this name.
pub fn read(session: &Session<'_>, file: &Value) -> Result<String> {
    if let Value::Stream(stream) = file {
        return Ok(stream.read());
    }
    let name = text_of(file, "file").map_err(|_| "file must be stream or path string".to_owned())?;
    session.world.read(&look_up(session, &name)?)
}

/// `var NAME`: of the environment.
pub fn var(session: &mut Session<'_>, arguments: &[Value]) -> Result {
    Ok(Value::text(session.env.get(&plain(arguments, 0)).cloned().unwrap_or_default()))
}

/// `file`, `text`.
pub fn text(session: &mut Session<'_>, arguments: &[Value]) -> Result {
    read(session, at(arguments, 0)).map(Value::text)
}

/// `exists FILE`.
pub fn exists(session: &mut Session<'_>, arguments: &[Value]) -> Result {
    let file = text_of(at(arguments, 0), "exists")?;
    Ok(Value::Bool(look_up(session, &file).is_ok()))
}

fn listed(session: &Session<'_>, arguments: &[Value], name: &str, wanted: fn(bool) -> bool) -> Result {
    let mut entries = session.world.list(&text_of(at(arguments, 0), name)?)?;
    entries.sort_by(|first, second| first.name.cmp(&second.name));
    let kept = entries.into_iter().filter(|entry| wanted(entry.is_folder)).map(|entry| entry.name);
    Ok(Value::texts(kept))
}

/// `dir FOLDER`: all that is in it.
pub fn dir(session: &mut Session<'_>, arguments: &[Value]) -> Result {
    listed(session, arguments, "dir", |_| true)
}

/// `dirs FOLDER`.
pub fn dirs(session: &mut Session<'_>, arguments: &[Value]) -> Result {
    listed(session, arguments, "dirs", |is_folder| is_folder)
}

/// `files FOLDER`.
pub fn files(session: &mut Session<'_>, arguments: &[Value]) -> Result {
    listed(session, arguments, "files", |is_folder| !is_folder)
}

/// `sh COMMAND`: what a program writes. No shell is in between.
pub fn sh(session: &mut Session<'_>, arguments: &[Value]) -> Result {
    let command = text_of(at(arguments, 0), "sh")?;
    let words = shell_words::split(&command).map_err(|error| error.to_string())?;
    if words.is_empty() {
        return Err("runtime error: index out of range [0] with length 0".to_owned());
    }
    session.world.run(&words, &session.env).map(Value::text)
}

/// `httpget URL`.
pub fn httpget(session: &mut Session<'_>, arguments: &[Value]) -> Result {
    let address = text_of(at(arguments, 0), "httpget")?;
    let answer = session.world.fetch(&address)?;
    Ok(Value::Stream(Arc::new(Stream::new(format!("<{address}>"), answer))))
}

/// `stdin`.
pub fn stdin(session: &mut Session<'_>, _arguments: &[Value]) -> Result {
    Ok(Value::Stream(Arc::new(Stream::new("<stdin>", session.world.stdin()?))))
}

/// `include FILE key=value…`.
pub fn include(session: &mut Session<'_>, arguments: &[Value]) -> Result {
    let path = look_up(session, &plain(arguments, 0))?;
    let template = session.world.read(&path)?;
    let (folder, name) = path.rsplit_once('/').unwrap_or((".", &path));
    session.folders.insert(0, if folder.is_empty() { "/" } else { folder }.to_owned());
    let rendered = nested(session, &template, arguments.get(1..).unwrap_or_default(), name);
    session.folders.remove(0);
    rendered
}

/// `render key=value… TEMPLATE`.
pub fn render(session: &mut Session<'_>, arguments: &[Value]) -> Result {
    let Some((template, rest)) = arguments.split_last() else {
        return Err("runtime error: index out of range [-1]".to_owned());
    };
    let Value::Text(text) = template else {
        let name = template.type_name().trim_matches(['<', '>']);
        return Err(format!("interface conversion: interface {{}} is {name}, not string"));
    };
    nested(session, text, rest, "<render>")
}

fn nested(session: &mut Session<'_>, template: &str, arguments: &[Value], name: &str) -> Result {
    let mut variables = Variables::new();
    for argument in arguments {
        if let Value::Map(map) = argument {
            if map.is_loose {
                continue;
            }
            for (key, value) in &map.entries {
                if let Value::Text(key) = key.value() {
                    variables.insert(key.to_string(), value.clone());
                }
            }
        } else if let Value::Text(text) = argument
            && let Some((key, value)) = text.split_once('=')
        {
            variables.insert(key.to_owned(), Value::text(value));
        }
    }
    session.enter()?;
    let rendered = session.render(template, variables, name);
    session.leave();
    rendered.map(Value::text)
}

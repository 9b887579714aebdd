//! `docker-container-healthchecker`, as far as it reads and writes checks in an app.json (contract: plugin-abi.md,
//! section 6.2). Checks are run by deploys and by `checks:run`, not by this program: they are part of the server.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use serde_json::{Map, Value, json};

use super::line;
use crate::kernel::{Failure, Out};
use crate::model::{Context, Fault, Outcome, checks_file};
use crate::platform::files;

const NAME: &str = "docker-container-healthchecker";

/// Read and write the checks of an app.json
#[derive(Parser)]
#[command(name = NAME, version, disable_help_subcommand = true)]
struct Line {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Add a check to a process type
    Add(Add),
    /// Convert a CHECKS file to the checks of an app.json
    Convert(Convert),
    /// Check if a process type has any checks
    Exists {
        /// The process type
        process_type: String,
        /// The app.json
        #[arg(long, default_value = "app.json")]
        app_json: PathBuf,
    },
    /// Print the version
    Version,
    /// What is not done here
    #[command(external_subcommand)]
    Other(Vec<String>),
}

#[derive(Args)]
struct Add {
    /// The process type
    #[arg(default_value = "web")]
    process_type: String,
    /// The app.json; one that is not there is empty
    #[arg(long, default_value = "app.json")]
    app_json: PathBuf,
    /// Only where there is none yet
    #[arg(long)]
    if_empty: bool,
    /// Write the file instead of printing it
    #[arg(long)]
    in_place: bool,
    /// That the port is open, instead of how long the container runs
    #[arg(long)]
    listening_check: bool,
    /// Its name
    #[arg(long, default_value = "default")]
    name: String,
    /// The port
    #[arg(long, default_value = "5000")]
    port: u16,
    /// Print it over several lines
    #[arg(long)]
    pretty: bool,
    /// startup, liveness or readiness
    #[arg(long = "type", default_value = "startup")]
    kind: String,
    /// How many seconds the container must run
    #[arg(long, default_value = "1")]
    uptime: u32,
    /// A failure is only told
    #[arg(long)]
    warn_only: bool,
}

#[derive(Args)]
struct Convert {
    /// The CHECKS file
    check_file: PathBuf,
    /// The app.json whose web checks they become; without one, an empty one
    #[arg(long)]
    app_json: Option<PathBuf>,
    /// Write the app.json instead of printing it
    #[arg(long, requires = "app_json")]
    in_place: bool,
    /// Print it over several lines
    #[arg(long)]
    pretty: bool,
}

/// Runs `docker-container-healthchecker` with the words behind its name.
pub fn run(words: &[String]) -> ExitCode {
    let out = Out::of_process(false, false);
    let line: Line = match line::parse(NAME, words, &out) {
        Ok(line) => line,
        Err(status) => return status,
    };
    let done = match line.verb {
        Verb::Add(add) => add.run(&out),
        Verb::Convert(convert) => convert.run(&out),
        Verb::Exists { process_type, app_json } => exists(&process_type, app_json),
        Verb::Version => {
            out.plain(env!("CARGO_PKG_VERSION"));
            Ok(())
        }
        Verb::Other(words) => {
            let verb = words.first().map(String::as_str).unwrap_or_default();
            Err(Fault::new(format!("{NAME} {verb} is not done here"))
                .hint("The checks of an app are run by: dokku checks:run APP"))
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            Failure::from(fault).print(&out);
            ExitCode::FAILURE
        }
    }
}

fn full(path: PathBuf) -> Outcome<PathBuf> {
    std::path::absolute(&path).context(|| format!("cannot find {}", path.display()))
}

/// The full path of an app.json, and what is in it; without the file, nothing.
fn read(path: PathBuf) -> Outcome<(PathBuf, Value)> {
    let path = full(path)?;
    let text = files::read_text(&path)?.unwrap_or_else(|| "{}".to_owned());
    let json = serde_json::from_str(&text).context(|| format!("{} is no JSON", path.display()))?;
    Ok((path, json))
}

/// Writes the file, if one is given, else prints its content.
fn give(out: &Out, file: Option<PathBuf>, json: &Value, pretty: bool) -> Outcome {
    let text = if pretty { format!("{json:#}") } else { json.to_string() };
    match file {
        Some(path) => files::write(&path, text.as_bytes(), 0o644),
        None => {
            out.plain(text);
            Ok(())
        }
    }
}

/// The checks of all process types in an app.json.
fn by_type<'a>(json: &'a mut Value, path: &Path) -> Outcome<&'a mut Map<String, Value>> {
    let wrong = |what: &str| Fault::new(format!("{what} of {} is no object", path.display()));
    let all = json.as_object_mut().ok_or_else(|| wrong("the content"))?;
    let by_type = all.entry("healthchecks").or_insert_with(|| json!({}));
    by_type.as_object_mut().ok_or_else(|| wrong("healthchecks"))
}

fn checks<'a>(json: &'a Value, process_type: &str) -> &'a [Value] {
    json["healthchecks"][process_type].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn exists(process_type: &str, app_json: PathBuf) -> Outcome {
    match checks(&read(app_json)?.1, process_type) {
        [] => Err(Fault::new(format!("No healthchecks found in app.json for {process_type} process type"))),
        _ => Ok(()),
    }
}

impl Convert {
    fn run(self, out: &Out) -> Outcome {
        let file = full(self.check_file)?;
        let missing = |path: &Path| Fault::new(format!("There is no file {}", path.display()));
        let text = files::read_text(&file)?.ok_or_else(|| missing(&file))?;
        let checks = checks_file::to_app_json(&text)?;
        let (path, mut json) = match self.app_json {
            Some(path) => read(path).map(|(path, json)| (Some(path), json))?,
            None => (None, json!({})),
        };
        if let Some(path) = path.as_deref().filter(|path| !files::exists(path)) {
            return Err(missing(path));
        }
        by_type(&mut json, path.as_deref().unwrap_or(&file))?.insert("web".to_owned(), checks.into());
        give(out, path.filter(|_| self.in_place), &json, self.pretty)
    }
}

impl Add {
    fn run(self, out: &Out) -> Outcome {
        let (path, mut json) = read(self.app_json.clone())?;
        if !self.if_empty || checks(&json, &self.process_type).is_empty() {
            let list = by_type(&mut json, &path)?.entry(&self.process_type).or_insert_with(|| json!([]));
            match list.as_array_mut() {
                Some(list) => list.push(self.check().into()),
                None => *list = json!([self.check()]),
            }
        }
        give(out, self.in_place.then_some(path), &json, self.pretty)
    }

    fn check(&self) -> Map<String, Value> {
        let mut check = Map::new();
        if self.listening_check {
            check.insert("listening".to_owned(), true.into());
        }
        check.insert("name".to_owned(), self.name.clone().into());
        if self.listening_check {
            check.insert("port".to_owned(), self.port.into());
        }
        check.insert("type".to_owned(), self.kind.clone().into());
        if !self.listening_check {
            check.insert("uptime".to_owned(), self.uptime.into());
        }
        if self.warn_only {
            check.insert("warn".to_owned(), true.into());
        }
        check
    }
}

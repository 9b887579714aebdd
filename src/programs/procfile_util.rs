//! `procfile-util`, which reads and changes Procfiles for plugins (contract: plugin-abi.md, section 6.2).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use super::line;
use crate::kernel::{Failure, Out};
use crate::model::procfile::{self, Strictness};
use crate::model::{Context, Fault, Outcome, dotenv};
use crate::platform::env::Env;
use crate::platform::files;
use crate::platform::stdin::{ProcessStdin, Stdin};

const NAME: &str = "procfile-util";

/// Read and change a Procfile
#[derive(Parser)]
#[command(name = NAME, version, disable_help_subcommand = true)]
struct Line {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Tell whether it is a Procfile, and its processes
    Check(Source),
    /// Take a process out
    Delete {
        #[command(flatten)]
        process: Process,
        #[command(flatten)]
        target: Target,
    },
    /// Tell by the exit status whether it has a process
    Exists(Process),
    /// Print it with variables replaced
    Expand(Expansion),
    /// Print the names of its processes
    List(Source),
    /// Put a process in
    Set {
        #[command(flatten)]
        process: Process,
        /// Its command
        #[arg(short, long, default_value = "")]
        command: String,
        #[command(flatten)]
        target: Target,
    },
    /// Print a process's command with variables replaced
    Show(Expansion),
    /// Print the version
    Version,
}

#[derive(Args)]
struct Source {
    /// The Procfile; where it is missing, standard input is read
    #[arg(short = 'P', long, default_value = "Procfile")]
    procfile: PathBuf,
    /// What stands between a name and its command
    #[arg(short = 'D', long, default_value = ":")]
    delimiter: String,
    /// The value of PORT
    #[arg(short, long, default_value = "5000")]
    default_port: u16,
    /// Take only names that process types may have
    #[arg(short = 'S', long)]
    strict: bool,
}

#[derive(Args)]
struct Process {
    #[command(flatten)]
    source: Source,
    /// The process
    #[arg(short, long, default_value = "")]
    process_type: String,
}

#[derive(Args)]
struct Expansion {
    #[command(flatten)]
    process: Process,
    /// Take variables from the environment too
    #[arg(short, long)]
    allow_getenv: bool,
    /// Take variables from a file of `KEY=value` lines
    #[arg(short, long)]
    env_file: Option<PathBuf>,
}

#[derive(Args)]
struct Target {
    /// Print the outcome instead of writing it
    #[arg(short, long)]
    stdout: bool,
    /// Write it to another file
    #[arg(short, long)]
    write_path: Option<PathBuf>,
}

type Entries = BTreeMap<String, String>;

/// Runs `procfile-util` with the words behind its name.
pub fn run(words: &[String], env: &Env) -> ExitCode {
    let out = Out::of_process(false, false);
    let line: Line = match line::parse(NAME, words, &out) {
        Ok(line) => line,
        Err(status) => return status,
    };
    match line.verb.run(env, &out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            Failure::from(fault).print(&out);
            ExitCode::FAILURE
        }
    }
}

impl Verb {
    fn run(self, env: &Env, out: &Out) -> Outcome {
        match self {
            Verb::Check(source) => {
                let names: Vec<String> = source.entries()?.into_keys().collect();
                out.plain(format!("valid procfile detected {}", names.join(", ")));
            }
            Verb::List(source) => source.entries()?.into_keys().for_each(|name| out.plain(name)),
            Verb::Exists(process) => drop(process.command(&process.source.entries()?)?),
            Verb::Delete { process, target } => {
                let mut entries = process.source.entries()?;
                entries.remove(&process.process_type);
                target.put(&entries, &process.source, out)?;
            }
            Verb::Set { process, command, target } => {
                let mut entries = process.source.entries()?;
                entries.insert(process.process_type, command);
                target.put(&entries, &process.source, out)?;
            }
            Verb::Show(how) => {
                let entries = how.process.source.entries()?;
                let command = how.process.command(&entries)?;
                out.plain(how.expanded(&how.process.process_type, command, env)?);
            }
            Verb::Expand(how) => {
                let (source, wanted) = (&how.process.source, &how.process.process_type);
                for (name, command) in source.entries()? {
                    if wanted.is_empty() || *wanted == name {
                        let command = how.expanded(&name, &command, env)?;
                        out.plain(format!("{name}{} {command}", source.delimiter));
                    }
                }
            }
            Verb::Version => out.plain(env!("CARGO_PKG_VERSION")),
        }
        Ok(())
    }
}

impl Source {
    fn entries(&self) -> Outcome<Entries> {
        let text = match files::read_text(&self.procfile)? {
            Some(text) => text,
            None if !ProcessStdin.is_terminal() => {
                String::from_utf8_lossy(&ProcessStdin.read_all()?).into_owned()
            }
            None => return Err(missing(&self.procfile)),
        };
        let strictness = if self.strict { Strictness::Strict } else { Strictness::Lax };
        procfile::entries(&text, &self.delimiter, strictness).map_err(Fault::new)
    }
}

fn missing(path: &Path) -> Fault {
    Fault::new(format!("open {}: no such file or directory", path.display()))
}

impl Process {
    fn command<'a>(&self, entries: &'a Entries) -> Outcome<&'a str> {
        let found = entries.get(&self.process_type).map(String::as_str);
        found.ok_or_else(|| Fault::new("No matching process entry found"))
    }
}

impl Expansion {
    /// The command with its variables replaced: the file wins over the environment, and that over what we know.
    fn expanded(&self, name: &str, command: &str, env: &Env) -> Outcome<String> {
        let file = match &self.env_file {
            None => BTreeMap::new(),
            Some(path) => dotenv::parse(&files::read_text(path)?.ok_or_else(|| missing(path))?),
        };
        Ok(procfile::expand(command, |key| {
            let from_env = || env.get(key).filter(|value| self.allow_getenv && !value.is_empty());
            match (file.get(key), key) {
                (Some(value), _) => Some(value.clone()),
                (None, "PS") => Some(name.to_owned()),
                (None, "PORT") => {
                    Some(from_env().map_or(self.process.source.default_port.to_string(), str::to_owned))
                }
                (None, _) => from_env().map(str::to_owned),
            }
        }))
    }
}

impl Target {
    fn put(&self, entries: &Entries, source: &Source, out: &Out) -> Outcome {
        let line = |(name, command): (&String, &String)| format!("{name}{} {command}\n", source.delimiter);
        let text: String = entries.iter().map(line).collect();
        match (&self.write_path, self.stdout) {
            (Some(_), true) => Err(Fault::new("cannot specify both --stdout and --write-path flags")),
            (None, true) => {
                text.lines().for_each(|line| out.plain(line));
                Ok(())
            }
            (path, false) => {
                let path = path.as_deref().unwrap_or(&source.procfile);
                let path =
                    std::path::absolute(path).context(|| format!("cannot write {}", path.display()))?;
                files::write(&path, text.as_bytes(), 0o644)
            }
        }
    }
}

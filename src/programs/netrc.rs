//! `netrc`, which keeps logins by machine in a `.netrc` (contract: plugin-abi.md, section 6.2).

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use serde_json::{Map, Value, json};

use super::line;
use crate::kernel::Out;
use crate::model::netrc::Netrc;
use crate::model::{Context, Fault, Outcome};
use crate::platform::env::Env;
use crate::platform::files;
use crate::platform::stdin::{ProcessStdin, Stdin};

const NAME: &str = "netrc";

/// Keep logins by machine in a .netrc
#[derive(Parser)]
#[command(name = NAME, version, disable_help_subcommand = true)]
struct Line {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Get an entry from the .netrc file
    Get(Get),
    /// List machines in the .netrc file
    List(List),
    /// Rename an entry in the .netrc file
    Rename(Rename),
    /// Set an entry in the .netrc file
    Set(Set),
    /// Unset an entry from the .netrc file
    Unset {
        /// The machine
        name: String,
        #[command(flatten)]
        file: File,
    },
    /// Print the version
    Version,
}

#[derive(Args)]
struct File {
    /// The file; without one that of $NETRC, else .netrc in the home folder
    #[arg(long, value_name = "PATH")]
    netrc_file: Option<PathBuf>,
}

#[derive(Args)]
struct Get {
    /// The machine
    name: String,
    /// login, password or account; may be given several times
    #[arg(long)]
    field: Vec<String>,
    /// text, json or shell
    #[arg(long, default_value = "text")]
    format: String,
    #[command(flatten)]
    file: File,
}

#[derive(Args)]
struct List {
    /// text or json
    #[arg(long, default_value = "text")]
    format: String,
    /// What is known of each, passwords too
    #[arg(long)]
    with_fields: bool,
    /// The entry for all other machines too
    #[arg(long)]
    include_default: bool,
    #[command(flatten)]
    file: File,
}

#[derive(Args)]
struct Rename {
    /// Its name
    old_name: String,
    /// Its new name
    new_name: String,
    /// Overwrite an entry of the new name
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    file: File,
}

#[derive(Args)]
struct Set {
    /// NAME LOGIN PASSWORD [ACCOUNT]; NAME LOGIN [ACCOUNT] with --stdin; NAME with the other options
    words: Vec<String>,
    /// Read the password from standard input
    #[arg(long)]
    stdin: bool,
    /// Change the login
    #[arg(long)]
    login: Option<String>,
    /// Change the password
    #[arg(long, conflicts_with = "stdin")]
    password: Option<String>,
    /// Change the account; an empty one clears it
    #[arg(long)]
    account: Option<String>,
    #[command(flatten)]
    file: File,
}

#[derive(Clone, Copy, ValueEnum)]
enum Field {
    Login,
    Password,
    Account,
}

/// Runs `netrc` with the words behind its name.
pub fn run(words: &[String], env: &Env) -> ExitCode {
    let out = Out::of_process(false, false);
    let line: Line = match line::parse(NAME, words, &out) {
        Ok(line) => line,
        Err(status) => return status,
    };
    let done = match line.verb {
        Verb::Get(get) => get.run(env, &out),
        Verb::List(list) => list.run(env, &out),
        Verb::Rename(rename) => rename.run(env, &out),
        Verb::Set(set) => set.run(env),
        Verb::Unset { name, file } => file.change(env, |netrc| {
            netrc.remove(&name);
            Ok(())
        }),
        Verb::Version => {
            out.plain(env!("CARGO_PKG_VERSION"));
            Ok(())
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            out.plain_error(&fault.message);
            ExitCode::FAILURE
        }
    }
}

impl File {
    fn path(&self, env: &Env) -> PathBuf {
        let named = || env.get("NETRC").filter(|path| !path.is_empty()).map(PathBuf::from);
        let home = || Path::new(env.get("HOME").unwrap_or("/")).join(".netrc");
        self.netrc_file.clone().or_else(named).unwrap_or_else(home)
    }

    /// What is in it. One that is not there is made, as the original does.
    fn read(&self, env: &Env) -> Outcome<Netrc> {
        let path = self.path(env);
        match files::read_text(&path)? {
            Some(text) => Ok(Netrc::parse(&text)),
            None => {
                self.write(env, "")?;
                Ok(Netrc::default())
            }
        }
    }

    fn write(&self, env: &Env, text: &str) -> Outcome {
        let path = self.path(env);
        let path = std::path::absolute(&path).context(|| format!("cannot write {}", path.display()))?;
        files::write(&path, text.as_bytes(), 0o600)
    }

    fn change(&self, env: &Env, change: impl FnOnce(&mut Netrc) -> Outcome) -> Outcome {
        let mut netrc = self.read(env)?;
        let before = netrc.print();
        change(&mut netrc)?;
        let after = netrc.print();
        if after == before { Ok(()) } else { self.write(env, &after) }
    }
}

fn unknown(machine: &str) -> Fault {
    Fault::new(format!("Invalid machine '{machine}' specified"))
}

fn indented(value: &Value) -> String {
    format!("{value:#}")
}

impl Get {
    fn run(self, env: &Env, out: &Out) -> Outcome {
        let netrc = self.file.read(env)?;
        if !netrc.has(&self.name) {
            return Err(unknown(&self.name));
        }
        if !["text", "json", "shell"].contains(&self.format.as_str()) {
            let format = &self.format;
            return Err(Fault::new(format!(
                "Invalid format '{format}' specified, must be 'text', 'json', or 'shell'"
            )));
        }
        if let Some(field) = self.field.iter().find(|field| Field::from_str(field, false).is_err()) {
            return Err(Fault::new(format!(
                "Invalid field '{field}' specified, must be one of 'login', 'password', 'account'"
            )));
        }
        let value = |field: &str| netrc.get(&self.name, field).to_owned();
        let default = ["login", "password"].map(str::to_owned).to_vec();
        let fields = if self.field.is_empty() { &default } else { &self.field };
        match (self.format.as_str(), self.field.as_slice()) {
            ("json", _) => {
                let mut fields = fields.clone();
                fields.sort_unstable();
                let map: Map<String, Value> =
                    fields.into_iter().map(|field| (field.clone(), value(&field).into())).collect();
                out.plain(indented(&map.into()));
            }
            ("shell", _) => {
                for field in fields {
                    out.plain(format!("{field}='{}'", value(field).replace('\'', "'\\''")));
                }
            }
            (_, []) => out.plain(format!("{}:{}", value("login"), value("password"))),
            (_, [one]) => out.plain(value(one)),
            (_, several) => several.iter().for_each(|field| out.plain(format!("{field}={}", value(field)))),
        }
        Ok(())
    }
}

impl List {
    fn run(self, env: &Env, out: &Out) -> Outcome {
        if !["text", "json"].contains(&self.format.as_str()) {
            let format = &self.format;
            return Err(Fault::new(format!("Invalid format '{format}' specified, must be 'text' or 'json'")));
        }
        let netrc = self.file.read(env)?;
        let machines: Vec<&str> = netrc
            .machines()
            .into_iter()
            .filter(|name| self.include_default || *name != crate::model::netrc::DEFAULT)
            .collect();
        if self.format == "json" {
            let entries = machines.iter().map(|&name| {
                if !self.with_fields {
                    return name.into();
                }
                let mut entry = json!({ "name": name, "login": netrc.get(name, "login"), "password": netrc.get(name, "password") });
                match netrc.get(name, "account") {
                    "" => {}
                    account => entry["account"] = account.into(),
                }
                entry
            });
            out.plain(indented(&entries.collect::<Vec<Value>>().into()));
            return Ok(());
        }
        for name in machines {
            if !self.with_fields {
                out.plain(name);
                continue;
            }
            let mut row = vec![name.to_owned()];
            for field in ["login", "password", "account"] {
                let value = netrc.get(name, field);
                if field != "account" || !value.is_empty() {
                    row.push(format!("{field}={value}"));
                }
            }
            out.plain(row.join("\t"));
        }
        Ok(())
    }
}

impl Rename {
    fn run(self, env: &Env, out: &Out) -> Outcome {
        let Rename { old_name, new_name, force, file } = self;
        file.change(env, |netrc| {
            if !netrc.has(&old_name) {
                return Err(unknown(&old_name));
            }
            if old_name == new_name {
                return Ok(());
            }
            if netrc.has(&new_name) {
                if !force {
                    return Err(Fault::new(format!(
                        "Machine '{new_name}' already exists, pass --force to overwrite"
                    )));
                }
                out.plain_error(format!("Warning: overwriting existing machine '{new_name}'"));
                netrc.remove(&new_name);
            }
            for field in ["login", "password", "account"] {
                let value = netrc.get(&old_name, field).to_owned();
                netrc.set(&new_name, field, &value).map_err(Fault::new)?;
            }
            netrc.remove(&old_name);
            Ok(())
        })
    }
}

impl Set {
    /// Which words may be given, by the options beside them.
    fn words(&self) -> Outcome<()> {
        let has_option = self.login.is_some() || self.password.is_some() || self.account.is_some();
        let (least, most) = match (has_option, self.stdin) {
            (true, _) => (1, 1),
            (false, true) => (2, 3),
            (false, false) => (3, 4),
        };
        let given = self.words.len();
        if (least..=most).contains(&given) {
            return Ok(());
        }
        let plural = |count: usize| if count == 1 { "argument" } else { "arguments" };
        let wanted = match least == most {
            true => format!("{least} {}", plural(least)),
            false => format!("{least} and at most {most} arguments"),
        };
        let given_as = self.words.join(" ");
        Err(Fault::new(format!(
            "This command requires {wanted}, {given} {} given: {given_as}",
            plural(given)
        )))
    }

    fn run(self, env: &Env) -> Outcome {
        self.words()?;
        let mut words = self.words.into_iter();
        let name = words.next().unwrap_or_default();
        let login = self.login.or_else(|| words.next());
        let password = match self.stdin {
            true => Some(password_of_stdin()?),
            false => self.password.or_else(|| words.next()),
        };
        let account = self.account.or_else(|| words.next().filter(|account| !account.is_empty()));
        self.file.change(env, |netrc| {
            let is_named = |value: &Option<String>| value.as_ref().is_some_and(|value| !value.is_empty());
            let is_whole = is_named(&login) && is_named(&password);
            if !netrc.has(&name) && !is_whole {
                return Err(Fault::new(format!(
                    "Cannot create new entry '{name}' without login and password"
                )));
            }
            for (field, value) in [("login", login), ("password", password), ("account", account)] {
                if let Some(value) = value {
                    netrc.set(&name, field, &value).map_err(Fault::new)?;
                }
            }
            Ok(())
        })
    }
}

fn password_of_stdin() -> Outcome<String> {
    let text = String::from_utf8_lossy(&ProcessStdin.read_all()?).trim_end_matches('\n').to_owned();
    if text.is_empty() { Err(Fault::new("--stdin given but stdin was empty")) } else { Ok(text) }
}

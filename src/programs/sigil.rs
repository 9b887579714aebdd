//! `sigil`, which renders templates for plugins (contract: plugin-abi.md, section 5.3).

use std::process::ExitCode;

use crate::kernel::{Out, Stream};
use crate::model::template::{Delimiters, Session, Value, Variables, World, variables};
use crate::platform::env::Env;
use crate::platform::template_world::{OpenWorld, replace};

/// The version of sigil whose templates these are.
const VERSION: &str = "0.12.1";

const USAGE: &str = "Usage of sigil: sigil [-f FILE | -i TEMPLATE] [NAME=value...]
  -f, --filename string         use template file instead of STDIN
      --in-place                write output back to the file specified by -f
  -i, --inline string           use inline template string instead of STDIN
  -p, --posix                   preprocess with POSIX variable expansion
  -V, --vars-file stringArray   load variables from a file (JSON, YAML, or env format)
  -v, --version                 prints version";

/// Exit status of a command line that cannot be understood.
const MISUSED: u8 = 2;

/// What is asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    file: String,
    inline: String,
    in_place: bool,
    posix: bool,
    version: bool,
    help: bool,
    variable_files: Vec<String>,
    words: Vec<String>,
}

/// Runs `sigil` with the words behind its name.
pub fn run(words: &[String], env: &Env) -> ExitCode {
    let out = Out::of_process(false, false);
    let options = match parse(words) {
        Ok(options) => options,
        Err(message) => {
            out.plain_error(format!("{message}\n{USAGE}"));
            return ExitCode::from(MISUSED);
        }
    };
    if options.version || options.help {
        out.plain(if options.version { VERSION } else { USAGE });
        return ExitCode::SUCCESS;
    }
    match render(&options, env) {
        Ok(None) => ExitCode::SUCCESS,
        Ok(Some(text)) => ExitCode::from(u8::from(out.raw(Stream::Stdout, text.as_bytes()).is_err())),
        Err(message) => {
            out.plain_error(message);
            ExitCode::FAILURE
        }
    }
}

fn parse(words: &[String]) -> Result<Options, String> {
    let mut options = Options::default();
    let mut words = words.iter().map(String::as_str);
    while let Some(word) = words.next() {
        if word == "--" {
            options.words.extend(words.by_ref().map(str::to_owned));
        } else if let Some(long) = word.strip_prefix("--") {
            let (name, value) =
                long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
            options.set(name, &format!("--{name}"), value, &mut words)?;
        } else if let Some(mut letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
            while let Some(letter) = letters.chars().next() {
                letters = &letters[letter.len_utf8()..];
                let name = match letter {
                    'f' => "filename",
                    'i' => "inline",
                    'V' => "vars-file",
                    'p' => "posix",
                    'v' => "version",
                    'h' => "help",
                    _ => return Err(format!("unknown shorthand flag: '{letter}' in {word}")),
                };
                let takes_value = matches!(letter, 'f' | 'i' | 'V');
                let given = (takes_value && !letters.is_empty())
                    .then(|| letters.strip_prefix('=').unwrap_or(letters));
                if takes_value {
                    letters = "";
                }
                options.set(name, &format!("'{letter}' in {word}"), given, &mut words)?;
            }
        } else {
            options.words.push(word.to_owned());
        }
    }
    Ok(options)
}

impl Options {
    fn set<'a>(
        &mut self,
        name: &str,
        shown: &str,
        given: Option<&str>,
        words: &mut impl Iterator<Item = &'a str>,
    ) -> Result<(), String> {
        let switch = match name {
            "in-place" => &mut self.in_place,
            "posix" => &mut self.posix,
            "version" => &mut self.version,
            "help" => &mut self.help,
            "filename" | "inline" | "vars-file" => {
                let value = given.or_else(|| words.next()).map(str::to_owned);
                let value = value.ok_or_else(|| format!("flag needs an argument: {shown}"))?;
                match name {
                    "filename" => self.file = value,
                    "inline" => self.inline = value,
                    _ => self.variable_files.push(value),
                }
                return Ok(());
            }
            _ => return Err(format!("unknown flag: --{name}")),
        };
        *switch = match given {
            None | Some("true" | "1" | "t") => true,
            Some("false" | "0" | "f") => false,
            Some(other) => return Err(format!("invalid argument {other:?} for \"{shown}\" flag")),
        };
        Ok(())
    }
}

/// The rendered text; `None` when it went into the file.
fn render(options: &Options, env: &Env) -> Result<Option<String>, String> {
    if options.in_place && options.file.is_empty() {
        return Err("--in-place requires -f/--filename".to_owned());
    }
    let world = OpenWorld;
    let mut given = Variables::new();
    for file in &options.variable_files {
        let text = world.read(file).map_err(|error| format!("failed to read vars file {file}: {error}"))?;
        given.extend(variables(file, &text)?);
    }
    let pairs = options.words.iter().filter_map(|word| word.split_once('='));
    given.extend(pairs.map(|(key, value)| (key.to_owned(), Value::text(value))));

    let mut folders: Vec<String> =
        env.get("SIGIL_PATH").map(|path| path.split(':').map(str::to_owned).collect()).unwrap_or_default();
    let (template, name) = if !options.file.is_empty() {
        let (folder, name) = options.file.rsplit_once('/').unwrap_or((".", &options.file));
        folders.insert(0, if folder.is_empty() { "/" } else { folder }.to_owned());
        (world.read(&options.file)?, name)
    } else if !options.inline.is_empty() {
        (options.inline.clone(), "<inline>")
    } else {
        (world.stdin()?, "<stdin>")
    };
    let environment = env.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    let mut session =
        Session::new(&world, environment).with_folders(folders).with_delimiters(delimiters(env)?);
    if options.posix {
        session = session.expanding();
    }
    let text = session.render(&template, given, name)?;
    if options.in_place {
        replace(&options.file, &text).map_err(|fault| fault.message)?;
        return Ok(None);
    }
    Ok(Some(text))
}

/// `SIGIL_DELIMS=left,right`.
fn delimiters(env: &Env) -> Result<Delimiters, String> {
    let Some(given) = env.get("SIGIL_DELIMS") else { return Ok(Delimiters::default()) };
    match given.split_once(',') {
        Some((left, right)) if !left.is_empty() && !right.is_empty() => {
            Ok(Delimiters { left: left.to_owned(), right: right.to_owned() })
        }
        Some(_) | None => Err("SIGIL_DELIMS must be LEFT,RIGHT".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Options, String> {
        parse(&line.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn flags_and_variables_may_be_mixed() {
        let wanted = Options {
            file: "t".to_owned(),
            posix: true,
            words: ["A=1".to_owned(), "B=-f".to_owned()].into(),
            ..Options::default()
        };
        for line in ["-f t A=1 -p B=-f", "A=1 -pft B=-f", "--filename=t --posix A=1 -- B=-f"] {
            assert_eq!(parsed(line).as_ref(), Ok(&wanted), "{line}");
        }
    }

    #[test]
    fn what_nobody_knows_is_refused() {
        assert_eq!(parsed("--nope"), Err("unknown flag: --nope".to_owned()));
        assert_eq!(parsed("-px"), Err("unknown shorthand flag: 'x' in -px".to_owned()));
        assert_eq!(parsed("-f"), Err("flag needs an argument: 'f' in -f".to_owned()));
    }
}

//! The global flags, as the entry program of Dokku reads them (contract: commands.yaml, entrypoint).

use crate::platform::env::Env;

/// The global flags of one command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--quiet` or DOKKU_QUIET_OUTPUT: headings and progress are hidden.
    pub quiet: bool,
    /// `--trace` or DOKKU_TRACE=1: what is done is told on standard error.
    pub trace: bool,
    /// `--force` or DOKKU_APPS_FORCE_DELETE=1: no confirmation is asked.
    pub force: bool,
    /// `--app NAME` or DOKKU_APP_NAME.
    pub app: Option<String>,
    /// DOKKU_GLOBAL_FLAGS: each word that starts with `--`.
    pub all: Vec<String>,
}

impl Flags {
    /// The same with what the environment turns on besides: the server's startup files are read after the words.
    #[must_use]
    pub fn and_of(self, env: &Env) -> Self {
        let (of_env, _) = Self::parse(&[], env);
        Flags {
            quiet: self.quiet || of_env.quiet,
            trace: self.trace || of_env.trace,
            force: self.force || of_env.force,
            ..self
        }
    }

    /// Reads the flags out of the words behind the program's name and returns what is left: the command and its arguments.
    ///
    /// All words are looked at for the four known flags; only leading ones are taken away, for a
    /// command may have a flag of the same name. Unknown leading flags are dropped.
    pub fn parse(words: &[String], env: &Env) -> (Self, Vec<String>) {
        let mut flags = Flags {
            quiet: env.get("DOKKU_QUIET_OUTPUT").is_some(),
            trace: env.get("DOKKU_TRACE").is_some(),
            force: env.get("DOKKU_APPS_FORCE_DELETE") == Some("1"),
            app: env.get("DOKKU_APP_NAME").map(str::to_owned),
            all: env.get("DOKKU_GLOBAL_FLAGS").map(words_of).unwrap_or_default(),
        };
        let inherited_flags = !flags.all.is_empty();
        let mut rest = Vec::new();
        let mut command_seen = false;
        let mut iter = words.iter();
        while let Some(word) = iter.next() {
            if word.starts_with("--") && !inherited_flags {
                flags.all.push(word.clone());
            }
            match word.as_str() {
                "--quiet" => flags.quiet = true,
                "--trace" => flags.trace = true,
                "--force" => flags.force = true,
                "--app" if !command_seen => {
                    flags.app = iter.next().cloned();
                    continue;
                }
                _ => {}
            }
            if command_seen || !word.starts_with("--") || word == "--version" {
                command_seen = true;
                rest.push(word.clone());
            }
        }
        (flags, rest)
    }
}

fn words_of(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> (Flags, String) {
        let (flags, rest) = Flags::parse(&words_of(line), &Env::default());
        (flags, rest.join(" "))
    }

    #[test]
    fn leading_flags_are_taken_away_and_unknown_ones_dropped() {
        let (flags, rest) = parse("--quiet --label=a=b --app foo apps:report");
        assert!(flags.quiet);
        assert_eq!(flags.app.as_deref(), Some("foo"));
        assert_eq!(flags.all, ["--quiet", "--label=a=b", "--app"]);
        assert_eq!(rest, "apps:report");
    }

    #[test]
    fn trailing_flags_count_and_stay() {
        let (flags, rest) = parse("apps:destroy foo --force");
        assert!(flags.force);
        assert_eq!(rest, "apps:destroy foo --force");
    }

    #[test]
    fn version_flags_are_commands() {
        assert_eq!(parse("--version").1, "--version");
        assert_eq!(parse("-v").1, "-v");
        assert_eq!(parse("--quiet").1, "");
    }
}

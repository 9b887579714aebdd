use std::path::Path;

use super::change::{self, How, Others, Restart};
use super::target::Target;
use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::dotenv;
use crate::platform::files;
use crate::store::variables::Variables;

/// Import config vars from a file or from standard input
///
/// The file is read on the server, as user dokku; `-` is standard input:
/// `ssh dokku@host config:import my-app - < .env`.
#[derive(clap::Args)]
pub struct Import {
    #[command(flatten)]
    target: Target,
    /// Do not deploy the app again
    #[arg(long)]
    no_restart: bool,
    /// Drop all variables that are not imported
    #[arg(long)]
    replace: bool,
    /// envfile or json
    #[arg(long, default_value = "envfile")]
    format: String,
    /// The file, or -
    #[arg(value_name = "FILE")]
    files: Vec<String>,
}

impl Command for Import {
    const NAME: &'static str = "config:import";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let (scope, files) = self.target.with_words(self.files, ctx)?;
        let file = files.first().map(String::as_str).unwrap_or_default();
        let pairs = parse(&self.format, &read(ctx, file)?)?;
        if pairs.is_empty() {
            return Err(Failure::user("No config vars to set"));
        }
        for key in pairs.keys() {
            change::check_key(key)?;
        }
        for (key, value) in &pairs {
            ctx.out.unless_quiet().step(format!("Setting config var {key}={value}"));
        }
        let others = if self.replace { Others::Dropped } else { Others::Kept };
        let how = How::of(Self::NAME, Restart::unless(self.no_restart));
        change::set(ctx, &scope, pairs, others, how).await
    }
}

fn read(ctx: &Ctx, file: &str) -> Result<String> {
    let bytes = match file {
        "" => return Err(Failure::user("Please specify a file to import, or - for standard input")),
        "-" => {
            ctx.out.unless_quiet().step("Reading config vars from stdin");
            ctx.platform.stdin.read_all()?
        }
        path => files::read(Path::new(path))?.ok_or_else(|| {
            Failure::user(format!("{path} does not exist"))
                .hint("the file is looked for on the server; `-` reads standard input instead")
        })?,
    };
    String::from_utf8(bytes).map_err(|_| Failure::user(format!("{file} is not text (UTF-8)")))
}

fn parse(format: &str, text: &str) -> Result<Variables> {
    match format {
        "" | "envfile" => Ok(dotenv::parse(text)),
        "json" => serde_json::from_str(text).map_err(|error| {
            Failure::user(format!("The import is not a JSON object of text values: {error}"))
        }),
        other => Err(Failure::user(format!("Unknown format: {other}"))),
    }
}

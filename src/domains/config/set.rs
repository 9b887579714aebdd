use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::change::{self, How, Others, Restart};
use super::target::Target;
use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::store::variables::Variables;

/// Set one or more config vars
///
/// A deployed app is deployed again with them. A value may hold anything but a NUL byte; from the
/// command line it is at most 128 KiB long, longer ones come by `config:import`.
#[derive(clap::Args)]
pub struct Set {
    #[command(flatten)]
    target: Target,
    /// The values are base64
    #[arg(long)]
    encoded: bool,
    /// Do not deploy the app again
    #[arg(long)]
    no_restart: bool,
    /// Name and value
    #[arg(value_name = "KEY=VALUE")]
    pairs: Vec<String>,
}

impl Command for Set {
    const NAME: &'static str = "config:set";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let (scope, words) = self.target.with_words(self.pairs, ctx)?;
        let mut pairs = parse(&words)?;
        if self.encoded {
            for (key, value) in &mut pairs {
                *value = decode(key, value)?;
            }
        }
        let how = How::of(Self::NAME, Restart::unless(self.no_restart));
        change::set(ctx, &scope, pairs, Others::Kept, how).await
    }
}

/// `KEY=VALUE` words; of two with one key the last counts.
pub fn parse(words: &[String]) -> Result<Variables> {
    if words.is_empty() {
        return Err(Failure::user("At least one env pair must be given"));
    }
    words
        .iter()
        .map(|word| match word.split_once('=') {
            Some((key, value)) => Ok((key.to_owned(), value.to_owned())),
            None => Err(Failure::user(format!("Invalid env pair: {word}"))),
        })
        .collect()
}

fn decode(key: &str, value: &str) -> Result<String> {
    // Line breaks are what `base64` without -w 0 puts in.
    let text: String = value.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
    let bytes = STANDARD.decode(text).map_err(|error| Failure::user(format!("{error} for key '{key}'")))?;
    String::from_utf8(bytes).map_err(|_| {
        Failure::user(format!(
            "The value of {key} is not text (UTF-8), which the engine cannot hand to an app"
        ))
        .hint("keep it in base64 and let the app decode it, or mount it as a file")
    })
}

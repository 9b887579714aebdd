use super::change::check_key;
use super::format::quote;
use super::target::{self, Target};
use crate::kernel::{Command, Ctx, Failure, Gate, Result};

/// Display the value of a config var
///
/// Ends with status 1 and no output if it is not set.
#[derive(clap::Args)]
pub struct Get {
    #[command(flatten)]
    target: Target,
    /// Quote the value for a shell
    #[arg(long)]
    quoted: bool,
    /// Name
    #[arg(value_name = "KEY")]
    keys: Vec<String>,
}

impl Command for Get {
    const NAME: &'static str = "config:get";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let (scope, keys) = self.target.with_words(self.keys, ctx)?;
        let key = match keys.as_slice() {
            [] => return Err(Failure::user("Expected: key")),
            [key] => key,
            [_, more @ ..] => {
                return Err(Failure::user(format!("Unexpected argument(s): [{}]", more.join(" "))));
            }
        };
        let variables = target::read(ctx, &scope, false)?;
        let value = variables.get(key).filter(|_| check_key(key).is_ok());
        let value = value.ok_or_else(|| Failure::inner(1))?;
        if self.quoted {
            ctx.out.plain(quote(value));
        } else {
            ctx.out.plain(value);
        }
        Ok(())
    }
}

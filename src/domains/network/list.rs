use super::facts;
use crate::kernel::{Command, Ctx, Failure, Gate, Result, json};

/// List the networks of the engine
#[derive(clap::Args)]
pub struct List {
    /// How to print them: text or json
    #[arg(long, default_value = "text")]
    format: String,
    /// Only those that network:create made
    #[arg(long)]
    dokku_managed: bool,
}

impl Command for List {
    const NAME: &'static str = "network:list";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let format = Format::of(&self.format)?;
        let mut networks = facts::all(ctx).await?;
        networks.retain(|network| network.dokku_managed || !self.dokku_managed);
        match format {
            Format::Json => ctx.out.plain(json::compact(&networks)),
            Format::Text => {
                ctx.out.unless_quiet().heading("Networks");
                networks.iter().for_each(|network| ctx.out.plain(&network.name));
            }
        }
        Ok(())
    }
}

/// How networks are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

impl Format {
    /// Reads the word behind `--format`.
    ///
    /// # Errors
    /// For any other word.
    pub fn of(word: &str) -> Result<Self> {
        match word {
            "text" => Ok(Format::Text),
            "json" => Ok(Format::Json),
            _ => Err(Failure::user("Invalid format specified, use either text or json")),
        }
    }
}

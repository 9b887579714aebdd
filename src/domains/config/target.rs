use crate::kernel::{Ctx, Failure, Result};
use crate::model::Scope;
use crate::store::variables::{self, Variables};

/// What a verb of `config` works on: an app, or with `--global` all of them.
#[derive(clap::Args)]
pub struct Target {
    /// Work on the variables of all apps
    #[arg(long)]
    global: bool,
    /// Name of the app
    app: Option<String>,
}

impl Target {
    /// The target of a verb without further words.
    pub fn scope(self, ctx: &Ctx) -> Result<Scope> {
        self.with_words(Vec::new(), ctx).map(|(scope, _)| scope)
    }

    /// The target, and the words behind it: with `--global` the first word is no app but one of them.
    pub fn with_words(self, mut words: Vec<String>, ctx: &Ctx) -> Result<(Scope, Vec<String>)> {
        if self.global {
            if let Some(word) = self.app {
                words.insert(0, word);
            }
            return Ok((Scope::Global, words));
        }
        let scope = match self.app.as_deref() {
            None | Some("--global") => {
                return Err(Failure::user("Please specify an app to run the command on"));
            }
            Some(name) => resolve(ctx, name)?,
        };
        Ok((scope, words))
    }
}

/// The scope of a name: an app that is there, or `--global`.
pub fn resolve(ctx: &Ctx, name: &str) -> Result<Scope> {
    match name {
        "" => Err(Failure::user("Please specify an app to run the command on")),
        "--global" => Ok(Scope::Global),
        name => {
            let app = name.parse()?;
            ctx.require_app(&app)?;
            Ok(Scope::App(app))
        }
    }
}

/// Variables of an app or of all; merged, those of all under those of the app.
pub fn read(ctx: &Ctx, scope: &Scope, is_merged: bool) -> Result<Variables> {
    let read = if is_merged { variables::merged } else { variables::own };
    Ok(read(ctx.layout(), scope)?)
}

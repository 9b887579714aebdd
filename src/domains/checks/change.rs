use super::lists;
use crate::kernel::{Ctx, Result};
use crate::model::AppName;

/// The arguments of the commands that move process types between the lists.
#[derive(clap::Args)]
pub struct Types {
    /// Name of the app
    app: AppName,
    /// Only these process types, separated by commas
    #[arg(value_name = "PROCESS_TYPES")]
    process_types: Option<String>,
}

/// What is said, in Dokku's words: they differ by an `'s` that is no slip of ours.
pub struct Words {
    /// Before the name of the app, for all its process types.
    pub all: &'static str,
    /// The same for some of them.
    pub some: &'static str,
}

impl Types {
    /// Says what is done, and does it: `None` stands for all process types.
    ///
    /// # Errors
    /// When the app is not there, or the lists cannot be changed.
    pub fn change(
        &self,
        ctx: &Ctx,
        words: &Words,
        act: impl Fn(&Ctx, &AppName, Option<&[String]>) -> Result,
    ) -> Result {
        let app = &self.app;
        ctx.require_app(app)?;
        let names = lists::named(self.process_types.as_deref());
        ctx.out.step(match &names {
            None => format!("{} ({app})", words.all),
            Some(names) => format!("{} ({app}) proctypes ({})", words.some, names.join(",")),
        });
        act(ctx, app, names.as_deref())
    }
}

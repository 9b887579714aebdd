use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::platform::docker::write_login;
use crate::platform::files;
use crate::store::registry_logins;

use super::server;

/// Forget the login at a registry
#[derive(clap::Args)]
pub struct Logout {
    /// The login of all apps
    #[arg(long)]
    global: bool,
    /// [APP] SERVER
    #[arg(value_name = "ARGUMENT")]
    words: Vec<String>,
}

impl Command for Logout {
    const NAME: &'static str = "registry:logout";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let mut words = self.words.into_iter();
        let app = if self.global || words.len() <= 1 { None } else { words.next() };
        let host = server::of_login(&words.next().unwrap_or_default())?;
        let file = match app {
            None => registry_logins::shared_file(ctx.layout()),
            Some(name) => {
                let app: AppName = name.parse()?;
                ctx.require_app(&app)?;
                let file = registry_logins::file_of(ctx.layout(), &app);
                if !files::exists(&file) {
                    return Err(Failure::user(format!("No registry credentials found for app {app}")));
                }
                file
            }
        };
        if !write_login(&file, &host, None)? {
            ctx.out.warn(format!("Not logged in to {host}"));
        }
        Ok(())
    }
}

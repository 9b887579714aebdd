use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::model::build_plan::RegistryLogin;
use crate::platform::docker::write_login;
use crate::store::registry_logins;
use crate::triggers;

use super::server;

/// Log in to a registry, for one app or for all
///
/// The registry is asked first, and the login is kept only if it lets us in. Images are then pulled from there, and
/// pushed to it, under this login.
#[derive(clap::Args)]
pub struct Login {
    /// For all apps
    #[arg(long)]
    global: bool,
    /// Read the password from standard input
    #[arg(long)]
    password_stdin: bool,
    /// [APP] SERVER USERNAME [PASSWORD]
    #[arg(value_name = "ARGUMENT")]
    words: Vec<String>,
}

impl Command for Login {
    const NAME: &'static str = "registry:login";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let expected = if self.password_stdin { 2 } else { 3 };
        let mut words = self.words.into_iter();
        let app = match words.len() {
            _ if self.global => None,
            count if count == expected => {
                ctx.out.warn("Deprecated: please use --global flag for global registry login");
                None
            }
            _ => words.next(),
        };
        let typed = words.next().unwrap_or_default();
        let username = words.next().unwrap_or_default();
        let password = match self.password_stdin {
            true => String::from_utf8_lossy(&ctx.platform.stdin.read_all()?).trim().to_owned(),
            false => words.next().unwrap_or_default(),
        };
        let host = server::of_login(&typed)?;
        for (value, what) in [(&username, "username"), (&password, "password")] {
            if value.is_empty() {
                return Err(Failure::user(format!("Missing {what} argument")));
            }
        }
        let app = app.map(|name| name.parse::<AppName>()).transpose()?;
        if let Some(app) = &app {
            ctx.require_app(app)?;
        }
        log_in(ctx, app.as_ref(), &host, RegistryLogin { username, password, identity_token: String::new() })
            .await
    }
}

async fn log_in(ctx: &Ctx, app: Option<&AppName>, host: &str, mut login: RegistryLogin) -> Result {
    let token = ctx.platform.docker.check_login(host, &login).await;
    let token = token.map_err(|error| Failure::user(format!("Unable to run docker login: {error}")))?;
    let password = login.password.clone();
    if let Some(token) = token {
        login.identity_token = token;
    }
    let (file, whom) = match app {
        Some(app) => (registry_logins::file_of(ctx.layout(), app), app.to_string()),
        None => (registry_logins::shared_file(ctx.layout()), "global registry".to_owned()),
    };
    write_login(&file, host, Some(&login))?;
    ctx.out.warn(format!("Login Succeeded for {whom}"));
    let mut env = (*ctx.env).clone();
    env.set("DOCKER_REGISTRY_PASS", password);
    let told = Ctx { env: env.into(), ..ctx.clone() };
    told.fire(triggers::PostRegistryLogin { server: host.to_owned(), user_name: login.username }).await
}

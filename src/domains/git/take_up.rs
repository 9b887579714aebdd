use std::sync::Arc;

use crate::kernel::{Caller, Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::platform::files;
use crate::platform::git::{RefResult, receive_held};
use crate::store::interrupted::{self, Interrupted};

use super::receive_pack::{Door, options};
use super::repository;

/// Deploy what was pushed to an app when the server ended
///
/// The server runs this when it is back. A push whose objects are gone meanwhile, for another push came first, is
/// passed over: its build is on record as one that failed.
#[derive(clap::Args)]
pub struct TakeUp {
    /// Name of the app
    app: AppName,
}

impl Command for TakeUp {
    const NAME: &'static str = "git:take-up";
    const GATE: Gate = Gate::Internal;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        let mut is_any_refused = false;
        // What the server's next end cuts off again is left to its next start.
        while !files::exists(&ctx.layout().ending())
            && let Some(push) = interrupted::take(ctx.layout(), &self.app)?
        {
            ctx.out
                .step(format!("Taking up the push to {} that was interrupted ({})", self.app, push.build_id));
            is_any_refused |= !take_up(&of_who_pushed(ctx, &push), &self.app, push).await?;
        }
        if is_any_refused { Err(Failure::inner(1)) } else { Ok(()) }
    }
}

/// As if the client were still there. Tells whether all of it was accepted.
async fn take_up(ctx: &Ctx, app: &AppName, interrupted: Interrupted) -> Result<bool> {
    let repository = repository::initialize(ctx, app)?;
    let options = options(ctx, app)?;
    let mut door = Door::without_client(ctx, app);
    let push = interrupted.push;
    let received = tokio::task::spawn_blocking(move || receive_held(&repository, &push, &options, &mut door))
        .await
        .map_err(|error| Failure::internal(format!("the push ended unexpectedly: {error}")))??;
    let Some(received) = received else {
        ctx.out.warn("Its objects are gone: another push came first");
        return Ok(true);
    };
    for RefResult { update, refusal } in &received.results {
        if let Some(why) = refusal {
            ctx.out.warn(format!("{} is as it was: {why}", update.name));
        }
    }
    Ok(received.results.iter().all(|result| result.refusal.is_none()))
}

/// Plugins and records are told who it was.
fn of_who_pushed(ctx: &Ctx, push: &Interrupted) -> Ctx {
    let Interrupted { user, name, fingerprint, .. } = push;
    let (user, name, fingerprint) = (user.clone(), name.clone(), fingerprint.clone());
    let mut ctx = ctx
        .without_input()
        .with_env("SSH_USER", &user)
        .with_env("SSH_NAME", &name)
        .with_env("FINGERPRINT", &fingerprint);
    ctx.caller = Arc::new(Caller { user, name, fingerprint, is_ssh: true });
    ctx
}

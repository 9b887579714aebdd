//! Questions about apps, and their release.

use crate::kernel::{BoxFuture, Ctx, Failure, Kind, Result, dispatch};
use crate::model::AppName;
use crate::triggers::{self, AppList, ReleaseAndDeploy, SchedulerDetect};

/// The word at a place, empty where there is none: so a shell function's `$1` reads.
pub fn word(words: &[String], at: usize) -> &str {
    words.get(at).map_or("", String::as_str)
}

/// `verify_app_name APP`: fails with status 20 unless the app is there and the caller may see it.
pub fn verify(mut ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        ctx.visible_apps = dispatch::visible_apps(&ctx).await?;
        let name = word(&words, 0);
        let app: Option<AppName> = name.parse().ok();
        match app {
            Some(app) => ctx.require_app(&app),
            // What is no name is an app that does not exist, in the same words.
            None => Err(Failure {
                kind: Kind::NoSuchApp,
                message: format!("App {name} does not exist"),
                hints: Vec::new(),
                cause: None,
            }),
        }
    })
}

/// `fn-is-valid-app-name APP`: success says yes.
pub fn is_valid_name(_: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        let parsed: std::result::Result<AppName, _> = word(&words, 0).parse();
        parsed.map(drop).map_err(|_| Failure::inner(1))
    })
}

/// `dokku_apps [false]`: all apps that the caller may see, with `false` all; fails when there is none.
pub fn list(mut ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        let filter = word(&words, 0).to_owned();
        if filter != "false" {
            ctx.visible_apps = dispatch::visible_apps(&ctx).await?;
        }
        let apps = ctx.fire(AppList { filter }).await?;
        if apps.is_empty() {
            return Err(Failure::user("You haven't deployed any applications yet"));
        }
        ctx.out.plain(apps.join("\n"));
        Ok(())
    })
}

/// `get_app_scheduler APP`: its scheduler, or that of all for `--global`.
pub fn scheduler(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        let app = word(&words, 0).to_owned();
        let scheduler = ctx.fire(SchedulerDetect { app }).await?;
        ctx.out.plain(if scheduler.is_empty() { triggers::DOCKER_LOCAL } else { &scheduler });
        Ok(())
    })
}

/// `is_deployed APP`: success says yes. No word in either case.
pub fn is_deployed(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        let app: AppName = word(&words, 0).parse().map_err(|_| Failure::inner(1))?;
        if triggers::is_deployed(&ctx, &app).await? { Ok(()) } else { Err(Failure::inner(1)) }
    })
}

/// `release_and_deploy APP [TAG] [SOURCE]`: the image the app has, released anew.
pub fn release_and_deploy(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        let app: AppName = word(&words, 0).parse()?;
        let (image_tag, source) = (word(&words, 1).to_owned(), word(&words, 2).to_owned());
        ctx.require_app(&app)?;
        ctx.fire(ReleaseAndDeploy { app, image_tag, source }).await
    })
}

//! Which image an app runs, and where it is kept when it was pushed to a registry.

use super::apps::word;
use crate::kernel::{BoxFuture, Ctx, Failure, Result};
use crate::model::AppName;
use crate::triggers::{
    DeployedAppImageRepo, DeployedAppImageTag, DeployedAppRepository, running_tag as tag_of,
};

/// `get_running_image_tag APP [TAG]`: the deployed tag, else the one given, else `latest`.
pub fn running_tag(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        let app: AppName = word(&words, 0).parse()?;
        ctx.out.plain(tag_of(&ctx, &app, word(&words, 1)).await?);
        Ok(())
    })
}

/// `get_deploying_app_image_name APP TAG [REPO]`: registry, repository and tag, each as plugins override it.
pub fn deploying(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        let app: AppName = word(&words, 0).parse()?;
        let tag = tag_of(&ctx, &app, word(&words, 1)).await?;
        let registry = ctx.fire(DeployedAppRepository { app: app.clone() }).await?;
        let deployed = ctx.fire(DeployedAppImageRepo { app: app.clone() }).await?;
        let repository = match (deployed.as_str(), word(&words, 2)) {
            ("", "") => format!("dokku/{app}"),
            ("", given) => given.to_owned(),
            (deployed, _) => deployed.to_owned(),
        };
        ctx.out.plain(format!("{registry}{repository}:{tag}"));
        Ok(())
    })
}

/// `fn-verify-app-image APP IMAGE`, for an image that is not here: says under which name a registry has it, and
/// fails when none has.
pub fn pull_from(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        let app: AppName = word(&words, 0).parse()?;
        let image = word(&words, 1);
        if ctx.fire(DeployedAppImageTag { app: app.clone() }).await?.is_empty() {
            return Err(Failure::inner(1));
        }
        let registry = ctx.fire(DeployedAppRepository { app: app.clone() }).await?;
        let deployed = ctx.fire(DeployedAppImageRepo { app }).await?;
        ctx.out.plain(remote_name(image, &registry, &deployed));
        Ok(())
    })
}

fn remote_name(image: &str, registry: &str, deployed: &str) -> String {
    let (name, tag) = image.rsplit_once(':').unwrap_or((image, "latest"));
    if !deployed.is_empty() && name == format!("{registry}{deployed}") {
        return image.to_owned();
    }
    let repository = if deployed.is_empty() { name } else { deployed };
    format!("{registry}{repository}:{tag}")
}

#[cfg(test)]
mod tests {
    use super::remote_name;

    #[test]
    fn an_image_is_pulled_under_the_name_it_was_pushed_as() {
        assert_eq!(remote_name("dokku/app:2", "", ""), "dokku/app:2");
        assert_eq!(remote_name("dokku/app:2", "reg.io/", ""), "reg.io/dokku/app:2");
        assert_eq!(remote_name("dokku/app:2", "reg.io/", "team/app"), "reg.io/team/app:2");
        assert_eq!(remote_name("reg.io/team/app:2", "reg.io/", "team/app"), "reg.io/team/app:2");
    }
}

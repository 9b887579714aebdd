//! A container that a builder works in: made, filled, run, and made an image of.

use std::collections::BTreeMap;

use crate::kernel::{Ctx, Result};
use crate::model::{AppName, RunPlan};
use crate::platform::docker::{Attach, CommitPlan, RemoveContainer, Source, Until};

use super::image::{image_name, labels};
use super::intent::LABEL;
use super::lines::pass_on;

/// How far an image of an app has come. Commands of the user run in a released one alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It was built.
    Build,
    /// It can be deployed.
    Release,
}

/// A container of a build. It bears the label of its deploy, so that whoever undoes the deploy removes it too.
pub struct BuildContainer<'a> {
    ctx: &'a Ctx,
    app: &'a AppName,
    builder: &'static str,
    /// Its id at the engine.
    pub id: String,
}

impl<'a> BuildContainer<'a> {
    /// Makes it. It is not started.
    ///
    /// # Errors
    /// When the engine refuses.
    pub async fn create(
        ctx: &'a Ctx,
        app: &'a AppName,
        builder: &'static str,
        mut plan: RunPlan,
    ) -> Result<Self> {
        plan.label.extend(at_stage(app, builder, Stage::Build));
        plan.label.insert(LABEL.to_owned(), ctx.env.get("DOKKU_BUILD_ID").unwrap_or_default().to_owned());
        let id = ctx.platform.docker.create_container(&plan).await?;
        Ok(BuildContainer { ctx, app, builder, id })
    }

    /// Starts it and stays with it to its end, passing on each line it writes. Its exit status.
    ///
    /// # Errors
    /// When it cannot be started, or the connection to the engine breaks.
    pub async fn attend(&self, print: impl Fn(Source, &str)) -> Result<i64> {
        let docker = &self.ctx.platform.docker;
        // Both before the start, so that nothing is missed.
        let attached = docker.attach_container(&self.id, Attach { stdin: false, logs: false }).await?;
        let ended = docker.wait_container(&self.id, Until::NextExit).await?;
        docker.start_container(&self.id).await?;
        pass_on(attached.output, print).await?;
        Ok(ended.await?)
    }

    /// Makes the app's image of its files, with the labels of the stage and these lines of a Dockerfile.
    ///
    /// # Errors
    /// When the engine refuses.
    pub async fn commit(&self, stage: Stage, mut changes: Vec<String>) -> Result {
        for (key, value) in at_stage(self.app, self.builder, stage) {
            changes.push(format!("LABEL {key}={value}"));
        }
        // Containers of the image are not containers of this deploy.
        changes.push(format!("LABEL {LABEL}="));
        let plan = CommitPlan { name: Some(image_name(self.app, None)), changes, no_pause: false };
        self.ctx.platform.docker.commit_container(&self.id, &plan).await?;
        Ok(())
    }

    /// Removes it. What cannot be removed now goes with what the deploy leaves.
    pub async fn remove(self) {
        let how = RemoveContainer { force: true, volumes: true };
        if let Err(error) = self.ctx.platform.docker.remove_container(&self.id, how).await {
            self.ctx.out.warn(format!("Failed to remove build container: {error}"));
        }
    }
}

fn at_stage(app: &AppName, builder: &str, stage: Stage) -> BTreeMap<String, String> {
    let mut labels = labels(app, builder);
    let name = match stage {
        Stage::Build => "build",
        Stage::Release => "release",
    };
    labels.insert("com.dokku.image-stage".to_owned(), name.to_owned());
    labels
}

//! The steps of a deploy.

use crate::kernel::Ctx;
use crate::platform::waits;

/// A step of a deploy, in order. The tests kill a deploy at each of them; a case without such a test
/// does not compile there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Facts are read out of the code: Procfile, app.json, which builder.
    Extract,
    /// The builder makes an image.
    Build,
    /// The image is made ready: variables, tasks before the deploy.
    Release,
    /// The predeploy task runs in a container of the new image, if the app has such a task.
    Predeploy,
    /// What the predeploy task left is part of the image; its container is still there.
    Keep,
    /// The release task runs, or that of a first deploy, if the app has one.
    ReleaseTask,
    /// The settings of an earlier release are put back, when that is returned to.
    Restore,
    /// New containers are made and started beside the old ones.
    Start,
    /// The new containers must show that they work.
    Check,
    /// State files and routes turn from the old containers to the new ones.
    Switch,
    /// Containers get their final names.
    Promote,
    /// The postdeploy task runs, if the app has one.
    Postdeploy,
    /// The new release is watched for a moment while the old one could still take over.
    Watch,
    /// The release becomes final: from here on it is finished, no longer undone.
    Commit,
    /// Files of the release become current, old containers are left to retire.
    Retire,
    /// The release is written down as one that can be returned to.
    Record,
    /// Releases beyond those that are kept are forgotten.
    Forget,
}

impl Step {
    /// All steps, in order.
    pub const ALL: [Step; 17] = [
        Step::Extract,
        Step::Build,
        Step::Release,
        Step::Predeploy,
        Step::Keep,
        Step::ReleaseTask,
        Step::Restore,
        Step::Start,
        Step::Check,
        Step::Switch,
        Step::Promote,
        Step::Postdeploy,
        Step::Watch,
        Step::Commit,
        Step::Retire,
        Step::Record,
        Step::Forget,
    ];

    /// Those that a push goes through, in order: all but the one of returning to an earlier release.
    pub fn of_a_push() -> impl Iterator<Item = Step> {
        Self::ALL.into_iter().filter(|step| *step != Step::Restore)
    }

    /// Its name in records and logs.
    pub fn name(self) -> &'static str {
        match self {
            Step::Extract => "extract",
            Step::Build => "build",
            Step::Release => "release",
            Step::Predeploy => "predeploy",
            Step::Keep => "keep",
            Step::ReleaseTask => "release-task",
            Step::Restore => "restore",
            Step::Start => "start",
            Step::Check => "check",
            Step::Switch => "switch",
            Step::Promote => "promote",
            Step::Postdeploy => "postdeploy",
            Step::Watch => "watch",
            Step::Commit => "commit",
            Step::Retire => "retire",
            Step::Record => "record",
            Step::Forget => "forget",
        }
    }

    /// Says that this step begins.
    pub async fn begin(self, ctx: &Ctx) {
        ctx.out.debug(format!("deploy step: {}, after {}", self.name(), waits::spent()));
        ctx.platform.steps.reached(self.name()).await;
    }
}

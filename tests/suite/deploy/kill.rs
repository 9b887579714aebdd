//! A deploy killed at each of its steps: after the next start the server is as it was before.

use std::sync::Arc;

use async_trait::async_trait;
use dokku::deploy::{self, Code, Step};
use dokku::platform;
use dokku::platform::lock::Lock;
use dokku::platform::process_mark::ProcessMark;
use dokku::platform::steps::{Steps, Unwatched};
use dokku::store::builds;
use tokio::sync::Notify;

use super::{Shop, code_of};

const FILES: [(&str, &str); 2] =
    [("Dockerfile", "FROM scratch\nEXPOSE 5000\n"), ("Procfile", "web: httpd\n")];

/// Ends the story at a step: whoever waits is told, and the story never goes on.
pub struct KillAt {
    step: &'static str,
    reached: Notify,
}

impl KillAt {
    /// At this step.
    pub fn new(step: Step) -> Arc<Self> {
        Arc::new(KillAt { step: step.name(), reached: Notify::new() })
    }

    /// When it is reached.
    pub async fn reached(&self) {
        self.reached.notified().await;
    }
}

#[async_trait]
impl Steps for KillAt {
    async fn reached(&self, step: &'static str) {
        if step == self.step {
            self.reached.notify_one();
            std::future::pending::<()>().await;
        }
    }
}

/// What a kill at this step must leave after the next start. A new step must be decided on here.
pub fn must_be_undone(step: Step) -> bool {
    match step {
        Step::Extract
        | Step::Build
        | Step::Release
        | Step::Predeploy
        | Step::Keep
        | Step::ReleaseTask
        | Step::Restore
        | Step::Start
        | Step::Check
        | Step::Switch
        | Step::Promote
        | Step::Postdeploy
        | Step::Watch
        | Step::Commit => true,
        Step::Retire | Step::Record | Step::Forget => false,
    }
}

/// Deploys a first commit, kills the deploy of a second at the step, starts anew.
fn killed_at(step: Step) -> (String, String) {
    let shop = Shop::with_tasks();
    platform::runtime().unwrap().block_on(async {
        shop.deploy("one", Arc::new(Unwatched)).await.expect("the first deploy succeeds");
        let before = shop.seen();
        let kill = KillAt::new(step);
        tokio::select! {
            ended = shop.deploy("two", kill.clone()) => panic!("it ended before {}: {ended:?}", step.name()),
            () = kill.reached.notified() => shop.world.docker.forget_builds(),
        }
        deploy::settle_all(&shop.world.ctx(Arc::new(Unwatched))).await.expect("the next start settles it");
        (before, shop.seen())
    })
}

#[test]
fn a_kill_at_any_step_is_undone_by_the_next_start() {
    for step in Step::of_a_push() {
        let (before, after) = killed_at(step);
        assert_eq!(before == after, must_be_undone(step), "killed at {}\n{before}\n{after}", step.name());
    }
}

#[test]
fn a_kill_in_the_first_push_leaves_no_deploy_branch() {
    let shop = Shop::new();
    let branch = || shop.world.run("git:report shop --git-deploy-branch");
    let unset = branch();
    platform::runtime().unwrap().block_on(async {
        let code = Code { deploy_branch: Some("main".to_owned()), ..code_of("one", &FILES) };
        let kill = KillAt::new(Step::Build);
        let ctx = shop.world.ctx(kill.clone());
        tokio::select! {
            _ = deploy::receive(&ctx, &shop.app, code.clone(), builds::Source::GitHook) => panic!("it ended before"),
            () = kill.reached.notified() => shop.world.docker.forget_builds(),
        }
        let scope = dokku::model::Scope::from(&shop.app);
        let set = || dokku::store::properties::get(&shop.world.layout, "git", &scope, "deploy-branch").unwrap();
        assert_eq!(set().as_deref(), Some("main"));
        let ctx = shop.world.ctx(Arc::new(Unwatched));
        deploy::settle_all(&ctx).await.expect("the next start settles it");
        assert_eq!(set(), None);
        shop.plan_image("one");
        let turn = deploy::receive(&ctx, &shop.app, code, builds::Source::GitHook).await.expect("deployed");
        deploy::commit(&ctx, &shop.app).await.expect("final");
        drop(turn);
        assert_eq!(set().as_deref(), Some("main"));
    });
    assert!(unset != branch());
}

#[test]
fn a_process_that_has_the_number_of_a_killed_one_hides_nothing() {
    let shop = Shop::with_tasks();
    let layout = &shop.world.layout;
    platform::runtime().unwrap().block_on(async {
        let kill = KillAt::new(Step::Start);
        tokio::select! {
            ended = shop.deploy("one", kill.clone()) => panic!("it ended before: {ended:?}"),
            () = kill.reached.notified() => shop.world.docker.forget_builds(),
        }
    });
    assert!(deploy::abandoned(layout).expect("readable").is_empty(), "this process lives");
    let record = builds::all(layout, &shop.app).expect("readable").remove(0);
    let own = ProcessMark::own();
    let earlier = ProcessMark { start_time: own.start_time - 1, ..own };
    builds::start(layout, &shop.app, &record.done_by(&earlier)).expect("writable");
    assert_eq!(deploy::abandoned(layout).expect("readable"), std::slice::from_ref(&shop.app));
}

#[test]
fn a_scale_that_somebody_was_killed_over_is_put_back_though_another_has_the_turn_first() {
    let shop = Shop::new();
    let layout = &shop.world.layout;
    platform::runtime().unwrap().block_on(async {
        shop.deploy("one", Arc::new(Unwatched)).await.expect("deployed");
    });
    shop.world.run("ps:scale shop --skip-deploy web=8");
    let change = layout.app_data("deploys", &shop.app).join("scaling");
    std::fs::write(change, "1 1 another-boot\nweb 1 8\n").expect("writable");
    let settled = || {
        let ctx = shop.world.ctx(Arc::new(Unwatched));
        platform::runtime().unwrap().block_on(deploy::settle_all(&ctx)).expect("settled");
    };
    let turn = Lock::take(&layout.deploy_queue(&shop.app)).expect("free");
    settled();
    assert!(deploy::abandoned(layout).expect("readable").is_empty(), "somebody is at it");
    assert!(shop.world.run("--quiet ps:scale shop").contains("web:  8"));
    drop(turn);
    assert_eq!(deploy::abandoned(layout).expect("readable"), std::slice::from_ref(&shop.app));
    assert_eq!(
        shop.world.run("deploy:settle shop"),
        "-----> Putting back the scale of shop: changing it was interrupted\n"
    );
    assert!(deploy::abandoned(layout).expect("readable").is_empty());
    assert!(shop.world.run("--quiet ps:scale shop").contains("web:  1"));
}

#[test]
fn a_kill_is_undone_by_the_next_deploy_too() {
    for step in Step::of_a_push() {
        let shop = Shop::with_tasks();
        platform::runtime().unwrap().block_on(async {
            shop.deploy("one", Arc::new(Unwatched)).await.expect("the first deploy succeeds");
            let kill = KillAt::new(step);
            tokio::select! {
                ended = shop.deploy("two", kill.clone()) => panic!("it ended before {}: {ended:?}", step.name()),
                () = kill.reached.notified() => shop.world.docker.forget_builds(),
            }
            shop.deploy("three", Arc::new(Unwatched)).await.expect("the third deploy succeeds");
        });
        let seen = shop.seen();
        assert!(seen.contains("GIT_REV=three"), "killed at {}\n{seen}", step.name());
        assert_eq!(seen.matches("container shop.web.1 ").count(), 1, "killed at {}\n{seen}", step.name());
        assert!(
            !seen.contains("shop.predeploy") && !seen.contains("shop.release"),
            "killed at {}\n{seen}",
            step.name()
        );
        assert!(!seen.contains("upcoming"), "killed at {}\n{seen}", step.name());
        assert!(!seen.contains(" two") || !must_be_undone(step), "killed at {}\n{seen}", step.name());
    }
}

#[test]
fn a_first_deploy_that_is_killed_leaves_an_app_without_a_release() {
    for step in Step::of_a_push() {
        let shop = Shop::with_tasks();
        platform::runtime().unwrap().block_on(async {
            let before = shop.seen();
            let kill = KillAt::new(step);
            tokio::select! {
                ended = shop.deploy("one", kill.clone()) => panic!("it ended before {}: {ended:?}", step.name()),
                () = kill.reached.notified() => shop.world.docker.forget_builds(),
            }
            deploy::settle_all(&shop.world.ctx(Arc::new(Unwatched))).await.expect("it is settled");
            assert_eq!(before == shop.seen(), must_be_undone(step), "killed at {}", step.name());
        });
    }
}

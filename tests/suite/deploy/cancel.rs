//! A deploy is canceled at each of its steps: before the switch nothing of it is left, after it the deploy goes on.

use std::sync::Arc;

use async_trait::async_trait;
use dokku::deploy::{self, Step};
use dokku::kernel::{Buffers, Stream, dispatch};
use dokku::platform;
use dokku::platform::steps::{Steps, Unwatched};
use dokku::store::builds::{self, Status};
use tokio::sync::Notify;

use super::Shop;

/// Holds a deploy at a step until it is let go.
struct HoldAt {
    step: &'static str,
    reached: Notify,
    go: Notify,
}

#[async_trait]
impl Steps for HoldAt {
    async fn reached(&self, step: &'static str) {
        if step == self.step {
            self.reached.notify_one();
            self.go.notified().await;
        }
    }
}

/// What a cancel at this step is told. A new step must be decided on here.
fn told_at(step: Step) -> &'static str {
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
        | Step::Switch => "-----> Killing app deploy\n",
        Step::Promote | Step::Postdeploy | Step::Watch => {
            "is past its switch: the new release serves already"
        }
        Step::Commit | Step::Retire | Step::Record | Step::Forget => {
            "is no longer running (status=succeeded); leaving record untouched"
        }
    }
}

#[test]
fn a_cancel_before_the_switch_undoes_the_deploy_and_one_after_it_does_nothing() {
    for step in Step::of_a_push() {
        let shop = Shop::with_tasks();
        platform::runtime().unwrap().block_on(async {
            shop.deploy("one", Arc::new(Unwatched)).await.expect("the first deploy succeeds");
            let before = shop.seen();
            let hold = Arc::new(HoldAt { step: step.name(), reached: Notify::new(), go: Notify::new() });
            let said = Arc::new(Buffers::default());
            let canceler = shop.world.ctx(Arc::new(Unwatched)).printing_to(said.clone());
            let (ended, ()) = tokio::join!(shop.deploy("two", hold.clone()), async {
                hold.reached.notified().await;
                let newest = builds::all(&shop.world.layout, &shop.app).expect("readable")[0].id.clone();
                let canceled = dispatch::verb(&canceler, "builds:cancel", &["shop".to_owned(), newest]).await;
                if let Err(failure) = canceled {
                    failure.print(&canceler.out);
                }
                hold.go.notify_one();
            });
            shop.world.docker.forget_builds();
            let name = step.name();
            let said = said.text(Stream::Stdout) + &said.text(Stream::Stderr);
            assert!(said.contains(told_at(step)), "{name}: {said}");
            let newest = &builds::all(&shop.world.layout, &shop.app).expect("readable")[0];
            if step <= Step::Switch {
                let refused = ended.expect_err("it was canceled");
                assert_eq!(deploy::reason(&refused), format!("build {} was canceled", newest.id), "{name}");
                assert_eq!(newest.status, Status::Canceled, "{name}");
                assert_eq!(shop.seen(), before, "{name}");
            } else {
                ended.expect("it goes on");
                assert_eq!(newest.status, Status::Succeeded, "{name}");
                assert!(shop.seen().contains("GIT_REV=two"), "{name}");
            }
        });
    }
}

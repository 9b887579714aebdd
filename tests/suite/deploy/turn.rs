//! Deploys of one app take turns, and none comes while the app is locked.

use std::sync::Arc;

use dokku::deploy;
use dokku::kernel::dispatch;
use dokku::platform;
use dokku::platform::steps::Unwatched;

use super::{Ear, Shop};

#[test]
fn a_second_deploy_waits_until_the_first_is_final() {
    let shop = Shop::new();
    platform::runtime().unwrap().block_on(async {
        let first = shop.world.ctx(Arc::new(Unwatched));
        let turn = shop.receive(&first, "one").await.expect("deployed");
        let ear = Arc::new(Ear::default());
        let second = shop.world.ctx(Arc::new(Unwatched)).printing_to(ear.clone());
        let (came, ()) = tokio::join!(shop.receive(&second, "two"), async {
            ear.heard("Waiting for the running deploy of shop to end").await;
            assert!(shop.seen().contains("GIT_REV=one"), "{}", shop.seen());
            deploy::commit(&first, &shop.app).await.expect("it is the first one's turn");
            drop(turn);
        });
        came.expect("its turn comes");
        deploy::commit(&second, &shop.app).await.expect("deployed");
    });
    let seen = shop.seen();
    assert!(seen.contains("GIT_REV=two"), "{seen}");
    assert_eq!(
        shop.world.run("builds:list shop --format json").matches("\"status\":\"succeeded\"").count(),
        2
    );
}

#[test]
fn a_locked_app_is_not_deployed_and_stays_locked() {
    let shop = Shop::new();
    let runtime = platform::runtime().unwrap();
    let deploy = |revision| runtime.block_on(shop.deploy(revision, Arc::new(Unwatched)));
    deploy("one").expect("deployed");
    shop.world.run("apps:lock shop");
    let before = shop.seen();
    for revision in ["two", "three"] {
        let refused = deploy(revision).expect_err("it is locked");
        shop.world.docker.forget_builds();
        assert_eq!(deploy::reason(&refused), "shop currently has a deploy lock in place. Exiting...");
        assert_eq!(shop.world.run("apps:locked shop"), "Deploy lock exists\n");
    }
    assert_eq!(shop.seen(), before);
    shop.world.run("apps:unlock shop");
    deploy("four").expect("deployed");
    assert!(shop.seen().contains("GIT_REV=four"));
}

#[test]
fn a_deploy_whose_app_is_destroyed_while_it_waits_does_not_begin() {
    let shop = Shop::new();
    platform::runtime().unwrap().block_on(async {
        let first = shop.world.ctx(Arc::new(Unwatched));
        let turn = shop.receive(&first, "one").await.expect("deployed");
        let ear = Arc::new(Ear::default());
        let second = shop.world.ctx(Arc::new(Unwatched)).printing_to(ear.clone());
        let (came, ()) = tokio::join!(shop.receive(&second, "two"), async {
            ear.heard("Waiting for the running deploy of shop to end").await;
            deploy::commit(&first, &shop.app).await.expect("it is the first one's turn");
            // As apps:destroy does last.
            std::fs::remove_dir_all(shop.world.layout.app_data("apps", &shop.app)).expect("its data");
            std::fs::remove_dir_all(shop.world.layout.app(&shop.app)).expect("its folder");
            drop(turn);
        });
        shop.world.docker.forget_builds();
        let failure = came.expect_err("there is no app");
        assert_eq!((failure.to_string().as_str(), failure.status()), ("App shop does not exist", 20));
        assert!(!shop.world.layout.app_data("apps", &shop.app).exists(), "no lock is left");
    });
}

#[test]
fn an_app_is_destroyed_when_the_running_deploy_has_ended() {
    let shop = Shop::new();
    platform::runtime().unwrap().block_on(async {
        let first = shop.world.ctx(Arc::new(Unwatched));
        let turn = deploy::Turn::take(&first, &shop.app, "one").await.expect("nobody deploys");
        let ear = Arc::new(Ear::default());
        let second = shop.world.ctx(Arc::new(Unwatched)).printing_to(ear.clone());
        let words = ["--force", "shop"].map(str::to_owned);
        let (done, ()) = tokio::join!(dispatch::verb(&second, "apps:destroy", &words), async {
            ear.heard("Waiting for the running deploy of shop to end").await;
            assert!(shop.world.layout.app(&shop.app).exists());
            drop(turn);
        });
        done.expect("its turn comes");
    });
    assert!(!shop.world.layout.app(&shop.app).exists());
    assert!(!shop.world.layout.app_data("apps", &shop.app).exists(), "no lock is left");
}

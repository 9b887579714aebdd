//! Deploys of one app take turns, in the order in which they come, and none comes while the app is locked.

use std::sync::Arc;

use dokku::deploy::{self, Origin};
use dokku::kernel::{Ctx, Result, dispatch};
use dokku::platform;
use dokku::platform::steps::Unwatched;
use dokku::store::builds::{self, Record, Source, Status};

use super::{Ear, Shop};

const FILES: [(&str, &str); 2] =
    [("Dockerfile", "FROM scratch\nEXPOSE 5000\n"), ("Procfile", "web: httpd\n")];

/// Someone who pushes, and all that is told.
struct Client {
    ctx: Ctx,
    ear: Arc<Ear>,
}

impl Client {
    fn of(shop: &Shop) -> Self {
        let ear = Arc::new(Ear::default());
        Client { ctx: shop.world.ctx(Arc::new(Unwatched)).printing_to(ear.clone()), ear }
    }

    /// A push of that branch, to its end.
    async fn push(&self, shop: &Shop, revision: &str, branch: &str) -> Result {
        let reference = Some(format!("refs/heads/{branch}"));
        let origin = Origin { reference, ..Origin::from(Source::GitHook) };
        let turn = shop.receive_from(&self.ctx, origin, revision, &FILES).await?;
        deploy::commit(&self.ctx, &shop.app).await?;
        drop(turn);
        Ok(())
    }
}

fn records(shop: &Shop) -> Vec<Record> {
    builds::all(&shop.world.layout, &shop.app).expect("readable")
}

fn waiting(shop: &Shop) -> Record {
    records(shop).into_iter().find(Record::is_waiting).expect("one waits")
}

#[test]
fn those_who_wait_come_in_their_order_and_know_their_place() {
    let shop = Shop::new();
    platform::runtime().unwrap().block_on(async {
        let first = shop.world.ctx(Arc::new(Unwatched));
        let turn = shop.receive(&first, "one").await.expect("deployed");
        let [second, third] = [Client::of(&shop), Client::of(&shop)];
        let order = std::sync::Mutex::new(Vec::new());
        let came = |name: &'static str| order.lock().unwrap().push(name);
        for revision in ["two", "three"] {
            shop.plan_image(revision);
        }
        tokio::join!(
            async {
                second.push(&shop, "two", "main").await.expect("its turn comes");
                came("second");
            },
            async {
                second.ear.heard("Waiting for the running deploy of shop to end").await;
                third.push(&shop, "three", "next").await.expect("its turn comes");
                came("third");
            },
            async {
                third.ear.heard("Place 2 in the queue of shop").await;
                let list = shop.typed("builds:list shop");
                assert_eq!(list.matches(" waiting ").count(), 2, "{list}");
                deploy::commit(&first, &shop.app).await.expect("it is the first one's turn");
                drop(turn);
            }
        );
        assert_eq!(*order.lock().unwrap(), ["second", "third"]);
    });
    assert!(shop.seen().contains("GIT_REV=three"), "{}", shop.seen());
    assert!(records(&shop).iter().all(|record| record.status == Status::Succeeded));
}

#[test]
fn a_waiting_push_gives_way_to_a_newer_one_of_its_branch() {
    let shop = Shop::new();
    platform::runtime().unwrap().block_on(async {
        let first = shop.world.ctx(Arc::new(Unwatched));
        let turn = shop.receive(&first, "one").await.expect("deployed");
        let [older, newer] = [Client::of(&shop), Client::of(&shop)];
        shop.plan_image("three");
        let (refused, came, ()) = tokio::join!(
            older.push(&shop, "two", "main"),
            async {
                older.ear.heard("Waiting for the running deploy of shop to end").await;
                newer.push(&shop, "three", "main").await
            },
            async {
                older.ear.heard("superseded by build").await;
                deploy::commit(&first, &shop.app).await.expect("it is the first one's turn");
                drop(turn);
            }
        );
        came.expect("its turn comes");
        let refused = refused.expect_err("another came");
        let records = records(&shop);
        let by = records.iter().find(|one| one.reference.is_some() && one.status == Status::Succeeded);
        let by = &by.expect("it was deployed").id;
        assert_eq!(deploy::reason(&refused), format!("superseded by build {by}"));
        assert!(older.ear.text().contains(&format!(" !     superseded by build {by}\n")));
    });
    assert!(shop.seen().contains("GIT_REV=three"), "{}", shop.seen());
    let ends: Vec<Status> = records(&shop).iter().map(|record| record.status).collect();
    assert_eq!(ends.iter().filter(|end| **end == Status::Canceled).count(), 1, "{ends:?}");
}

#[test]
fn a_deploy_that_waits_is_canceled_and_leaves_the_line() {
    let shop = Shop::new();
    platform::runtime().unwrap().block_on(async {
        let first = shop.world.ctx(Arc::new(Unwatched));
        let turn = shop.receive(&first, "one").await.expect("deployed");
        let second = Client::of(&shop);
        let (refused, ()) = tokio::join!(second.push(&shop, "two", "main"), async {
            second.ear.heard("Waiting for the running deploy of shop to end").await;
            let words = ["shop".to_owned(), waiting(&shop).id];
            dispatch::verb(&second.ctx, "builds:cancel", &words).await.expect("canceled");
        });
        let refused = refused.expect_err("it was canceled");
        assert!(deploy::reason(&refused).ends_with("was canceled"), "{refused:?}");
        deploy::commit(&first, &shop.app).await.expect("it is the first one's turn");
        drop(turn);
        shop.plan_image("three");
        Client::of(&shop).push(&shop, "three", "main").await.expect("nobody is in line");
    });
    assert!(shop.seen().contains("GIT_REV=three"), "{}", shop.seen());
}

#[test]
fn a_push_that_waited_is_asked_again_whether_it_is_good() {
    let shop = Shop::new();
    let refused = platform::runtime()
        .unwrap()
        .block_on(async { shop.refused_when_its_turn_comes(&shop.world.ctx(Arc::new(Unwatched))).await });
    assert_eq!(deploy::reason(&refused), "main has moved");
    assert!(!shop.seen().contains("container"), "{}", shop.seen());
}

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

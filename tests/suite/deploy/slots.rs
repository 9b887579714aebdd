//! Builds of all apps together: no more than so many at once, and room on the disk for each.

use std::sync::Arc;

use async_trait::async_trait;
use dokku::deploy;
use dokku::kernel::{Ctx, Result};
use dokku::model::{AppName, Scope};
use dokku::platform::docker::{DiskItem, DiskKind, Image};
use dokku::platform::steps::{Steps, Unwatched};
use dokku::platform::{self, queue};
use dokku::store::builds::{self, End, Record, Source, Status};
use dokku::store::properties;
use tokio::sync::Notify;

use super::{Ear, Shop, code_of};
use crate::support::fake_docker::PlannedBuild;

const FILES: [(&str, &str); 2] =
    [("Dockerfile", "FROM scratch\nEXPOSE 5000\n"), ("Procfile", "web: httpd\n")];

/// Holds a build until it is let go.
#[derive(Default)]
struct HoldBuild {
    reached: Notify,
    go: Notify,
}

#[async_trait]
impl Steps for HoldBuild {
    async fn reached(&self, step: &'static str) {
        if step == "build" {
            self.reached.notify_one();
            self.go.notified().await;
        }
    }
}

/// Another app on the server of the shop.
fn neighbour(shop: &Shop, name: &str) -> AppName {
    shop.world.run(&format!("apps:create {name}"));
    let app: AppName = name.parse().expect("a name");
    for (key, value) in [("skipped", "_all_"), ("watch", "0")] {
        properties::set(&shop.world.layout, "checks", &Scope::from(&app), key, value).expect("writable");
    }
    app
}

async fn push(app: &AppName, ctx: &Ctx) -> Result {
    let turn = deploy::receive(ctx, app, code_of("one", &FILES), Source::GitHook).await?;
    deploy::commit(ctx, app).await?;
    drop(turn);
    Ok(())
}

#[test]
fn a_build_waits_while_as_many_run_as_may() {
    let shop = Shop::new();
    shop.world.run("builds:set --global max-parallel 1");
    let other = neighbour(&shop, "other");
    for _ in 0..2 {
        let mut image = Image::default();
        image.config.cmd = vec!["httpd".to_owned()];
        shop.world.docker.plan_build(PlannedBuild { image, ..PlannedBuild::default() });
    }
    platform::runtime().unwrap().block_on(async {
        let hold = Arc::new(HoldBuild::default());
        let first = shop.world.ctx(hold.clone());
        let ear = Arc::new(Ear::default());
        let second = shop.world.ctx(Arc::new(Unwatched)).printing_to(ear.clone());
        let (built, came, ()) = tokio::join!(
            push(&shop.app, &first),
            async {
                hold.reached.notified().await;
                push(&other, &second).await
            },
            async {
                ear.heard("Waiting for one of 1 builds to end (shop)").await;
                let line = queue::all(&shop.world.layout.build_line()).expect("readable");
                assert_eq!(line.len(), 2, "{line:?}");
                let listed = shop.typed("builds:list other --format json");
                assert!(listed.contains("\"waits_for\":\"build-slot\""), "{listed}");
                hold.go.notify_one();
            }
        );
        built.expect("deployed");
        came.expect("its time comes");
    });
    assert!(queue::all(&shop.world.layout.build_line()).expect("readable").is_empty());
    for app in [&shop.app, &other] {
        assert_eq!(builds::all(&shop.world.layout, app).expect("readable")[0].status, Status::Succeeded);
    }
}

#[test]
fn a_build_that_waits_for_others_goes_on_when_more_may_run() {
    let shop = Shop::new();
    shop.world.run("builds:set --global max-parallel 1");
    shop.plan_image("one");
    platform::runtime().unwrap().block_on(async {
        // Somebody who never ends.
        let _forever = queue::Place::join(&shop.world.layout.build_line(), "x other").expect("writable");
        let ear = Arc::new(Ear::default());
        let ctx = shop.world.ctx(Arc::new(Unwatched)).printing_to(ear.clone());
        let (came, ()) = tokio::join!(push(&shop.app, &ctx), async {
            ear.heard("Waiting for one of 1 builds to end (other)").await;
            shop.typed("builds:set --global max-parallel 2");
        });
        came.expect("there is room for two now");
    });
}

/// What the engine would have to be asked for, were there too little room.
fn with_disk_items(shop: &Shop) {
    let item = |kind, name: &str, bytes, is_unused| DiskItem {
        kind,
        name: name.to_owned(),
        bytes,
        is_unused,
        is_dokkus: true,
        is_nameless: false,
    };
    shop.world.docker.state().disk_items = vec![
        item(DiskKind::BuildCache, "", 9 << 30, true),
        item(DiskKind::Image, "dokku/shop:latest", 2 << 30, false),
        item(DiskKind::Volume, "data", 1 << 30, true),
    ];
}

#[test]
fn a_build_for_which_there_is_no_room_is_refused_with_what_takes_it() {
    let shop = Shop::new();
    with_disk_items(&shop);
    shop.world.run("builds:set shop min-free-disk 900000g");
    platform::runtime().unwrap().block_on(async {
        let (outcome, told) = shop.told("one").await;
        shop.world.docker.forget_builds();
        let refused = deploy::reason(&outcome.expect_err("too little room"));
        assert!(
            refused.starts_with("Too little disk space on the Docker engine to build shop: "),
            "{refused}"
        );
        for line in [
            " are free, 900000.0 GiB are needed\n",
            " !     What takes most:\n",
            " !         9.0 GiB  build cache\n",
            " !         2.0 GiB  image dokku/shop:latest\n",
            " !         1.0 GiB  volume data\n",
            " !     This frees most, 9.0 GiB: dokku cleanup --all\n",
            " !     To build all the same: dokku builds:set shop disk-guard false\n",
        ] {
            assert!(told.contains(line), "{line}\n{told}");
        }
        assert!(!shop.seen().contains("container"), "{}", shop.seen());
        shop.typed("builds:set shop disk-guard false");
        shop.deploy("two", Arc::new(Unwatched)).await.expect("nobody minds");
    });
}

#[test]
fn what_builds_took_before_is_asked_for_again_and_a_fifth_more() {
    let shop = Shop::new();
    let now = "2026-01-02T03:00:00Z".parse().expect("a time");
    let mut record = Record::begin(&shop.app, "a1", Source::GitHook, now);
    record.end(End::with(0), now);
    record.disk_growth = Some(1 << 60);
    builds::start(&shop.world.layout, &shop.app, &record).expect("writable");
    shop.world.run("builds:set --global min-free-disk 0");
    platform::runtime().unwrap().block_on(async {
        let (outcome, told) = shop.told("one").await;
        shop.world.docker.forget_builds();
        outcome.expect_err("too little room");
        let asked =
            "The last builds of shop took up to 1073741824.0 GiB; a fifth is added, and 0 B are to stay free";
        assert!(told.contains(asked), "{told}");
        assert!(told.contains(", 1288490188.8 GiB are needed"), "{told}");
    });
    let info = shop.world.run("builds:info shop a1");
    assert!(info.contains("Disk growth:  1073741824.0 GiB"), "{info}");
}

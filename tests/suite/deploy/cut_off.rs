//! A push that the end of the server cut off is deployed at its next start, as if its client were still there.

use std::process::{Command, Stdio};

use dokku::model::AppName;
use dokku::platform::git::{HeldPush, Repository, receive_pack};
use dokku::store::interrupted::{self, Interrupted};

use super::Shop;
use crate::git::CutOff;
use crate::support;

const NOBODY: &str = "0000000000000000000000000000000000000000";

/// Pushes a commit up to the decision, and is cut off there.
fn cut_off(shop: &Shop, clone: &support::Repository) -> HeldPush {
    let pack = Command::new("git")
        .args(["-C", &clone.path().display().to_string(), "pack-objects", "-q", "--all", "--stdout"])
        .stdin(Stdio::null())
        .output()
        .expect("git starts");
    assert!(pack.status.success() && !pack.stdout.is_empty());
    let line = format!("{NOBODY} {} refs/heads/main\0report-status\n", clone.revision("HEAD"));
    let mut request = format!("{:04x}{line}0000", line.len() + 4).into_bytes();
    request.extend(pack.stdout);
    let repository = Repository::open(&shop.world.layout.app(&shop.app)).expect("initialized");
    let mut receiver = CutOff::default();
    let options = dokku::platform::git::ReceiveOptions::default();
    receive_pack(&mut &request[..], Box::new(std::io::sink()), &repository, &options, &mut receiver)
        .expect("received");
    let held = receiver.held.expect("it brought objects");
    held.seal(&repository).expect("on disk");
    held
}

#[test]
fn it_is_deployed_in_the_name_of_who_pushed_it() {
    let shop = Shop::new();
    let world = &shop.world;
    world.run("git:initialize shop");
    let clone = support::Repository::of("hello");
    let push = cut_off(&shop, &clone);
    let words = |text: &str| text.to_owned();
    let (user, name, fingerprint) = (words("dokku"), words("ann"), words("SHA256:x"));
    let noted = Interrupted { build_id: words("b1"), user, name, fingerprint, push };
    interrupted::note(&world.layout, &shop.app, &noted).expect("writable");

    shop.plan_image("one");
    let told = world.run("git:take-up shop");
    assert!(told.starts_with("-----> Taking up the push to shop that was interrupted (b1)\n"), "{told}");
    assert!(told.contains("Set main as deploy-branch") && told.contains("Application deployed"), "{told}");
    assert!(!told.contains("exit"), "{told}");
    let releases = world.run("releases:list shop");
    assert!(releases.contains(" ann ") && releases.contains("git-hook"), "{releases}");
    let tip = Repository::open(&world.layout.app(&shop.app)).expect("there").refs().find("refs/heads/main");
    assert_eq!(tip.expect("readable").map(|id| id.to_string()), Some(clone.revision("HEAD")));
    assert_eq!(interrupted::apps(&world.layout).expect("readable"), Vec::<AppName>::new());
    assert_eq!(world.run("git:take-up shop"), "", "once");
}

#[test]
fn one_whose_objects_another_push_swept_is_given_up() {
    let shop = Shop::new();
    let world = &shop.world;
    world.run("git:initialize shop");
    let clone = support::Repository::of("hello");
    let push = cut_off(&shop, &clone);
    let words = |text: &str| text.to_owned();
    let noted = Interrupted {
        build_id: words("b1"),
        user: words("dokku"),
        name: words("ann"),
        fingerprint: String::new(),
        push,
    };
    interrupted::note(&world.layout, &shop.app, &noted).expect("writable");
    let second = cut_off(&shop, &clone);
    assert!(second != noted.push);
    let told = world.run("git:take-up shop");
    assert!(told.contains("2> !     Its objects are gone: another push came first\n"), "{told}");
}

//! Repositories that grow old, and those that a plain git filled before us.

use dokku::platform::git::ReceiveOptions;

use super::door::ByHook;
use super::sandbox::{Sandbox, ZERO, request};

fn packs(sandbox: &Sandbox) -> usize {
    let files = sandbox.state().1;
    files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "pack")).count()
}

#[test]
fn many_packs_become_one_and_nothing_is_lost() {
    let sandbox = Sandbox::new();
    sandbox.history(3);
    for number in 0..6 {
        sandbox.commit(&format!("n{number}.txt"), &format!("number {number}\n").repeat(50));
        assert!(sandbox.push(&["main"]).ok);
    }
    let objects = sandbox.git("s.git", &["cat-file", "--batch-all-objects", "--batch-check"]);
    assert_eq!(packs(&sandbox), 6);
    let repository = sandbox.repository();
    assert!(!repository.is_consolidation_due().expect("readable"), "six are not many");
    assert!(repository.consolidate().expect("works"));
    assert_eq!(packs(&sandbox), 1);
    assert_eq!(sandbox.git("s.git", &["cat-file", "--batch-all-objects", "--batch-check"]), objects);
    assert!(!repository.consolidate().expect("works"), "one pack is as good as it gets");
    sandbox.assert_sound();
    sandbox.commit("after.txt", "x");
    assert!(sandbox.push(&["main"]).ok);
    sandbox.assert_sound();
}

#[test]
fn garbage_goes_after_two_weeks_and_not_before() {
    let sandbox = Sandbox::new();
    sandbox.history(3);
    assert!(sandbox.push(&["main"]).ok);
    sandbox.git("c", &["checkout", "-q", "-b", "draft"]);
    sandbox.commit("draft.txt", "thrown away");
    let draft = sandbox.rev("c", "draft");
    assert!(sandbox.push(&["draft"]).ok);
    assert!(sandbox.push(&[":draft"]).ok);
    // As a plain git leaves it, loose.
    let stray = sandbox.pipe("s.git", &["hash-object", "-w", "--stdin"], b"nobody's");
    let stray = String::from_utf8(stray).expect("hex").trim().to_owned();
    let has = |id: &str| sandbox.run("git", &["-C", "s.git", "cat-file", "-e", id], &[]).ok;
    // Its caches of commits, one of the thrown away commit and one of what is left.
    let caches = ["s.git/objects/info/commit-graphs", "s.git/objects/info/commit-graph"];
    let text = format!("{draft}\n");
    sandbox.pipe("s.git", &["commit-graph", "write", "--stdin-commits", "--split"], text.as_bytes());
    std::fs::rename(sandbox.path(caches[0]), sandbox.path("aside")).expect("a cache in parts");
    sandbox.pipe("s.git", &["commit-graph", "write", "--stdin-commits"], text.as_bytes());
    std::fs::rename(sandbox.path("aside"), sandbox.path(caches[0])).expect("both forms");
    let before = sandbox.git("s.git", &["rev-list", "--objects", "--all"]);
    let repository = sandbox.repository();
    let now =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    let now = i64::try_from(now).expect("in this age");

    let kept = repository.collect_garbage(now).expect("works").expect("no push is on its way");
    assert!(kept.before > 0 && has(&draft) && has(&stray), "young ones stay");
    assert_eq!(packs(&sandbox), 1);
    let fewer = repository.collect_garbage(now + 15 * 24 * 3600).expect("works").expect("no push");
    assert!(fewer.after < fewer.before, "{fewer:?}");
    assert!(!has(&draft) && !has(&stray), "old ones go");
    for cache in caches {
        assert!(!sandbox.path(cache).exists(), "{cache} names what is gone");
    }
    assert_eq!(packs(&sandbox), 1);
    assert_eq!(sandbox.git("s.git", &["rev-list", "--objects", "--all"]), before);
    sandbox.assert_sound();
    sandbox.git("c", &["checkout", "-q", "main"]);
    sandbox.commit("after.txt", "x");
    assert!(sandbox.push(&["main"]).ok);
    // What went can be pushed again.
    assert!(sandbox.push(&["draft"]).ok);
    sandbox.assert_sound();
}

#[test]
fn a_repository_without_a_commit_has_no_garbage() {
    let sandbox = Sandbox::new();
    assert!(sandbox.repository().collect_garbage(0).expect("works").is_some());
    sandbox.history(1);
    assert!(sandbox.push(&["main"]).ok);
    sandbox.assert_sound();
}

#[test]
fn a_repository_with_a_missing_object_keeps_all_it_has() {
    let sandbox = foreign();
    let blob = sandbox.rev("s.git", "main:d0/f0.txt");
    let files = sandbox.state().1;
    std::fs::remove_file(sandbox.path("s.git/objects").join(&blob[..2]).join(&blob[2..])).expect("loose");
    let fault = sandbox.repository().collect_garbage(i64::MAX / 2).expect_err("an object is missing");
    assert!(fault.to_string().contains(&blob), "{fault}");
    assert_eq!(sandbox.state().1.len() + 1, files.len());
}

#[test]
fn a_broken_pack_is_not_merged_away() {
    let sandbox = Sandbox::new();
    let mut random = super::fuzz::Random(3);
    for name in ["one.txt", "two.txt"] {
        let noise: String = (0..2000).map(|_| format!("{:016x}\n", random.next())).collect();
        sandbox.commit(name, &noise);
        assert!(sandbox.push(&["main"]).ok);
    }
    let files = sandbox.state().1;
    let pack = files.iter().rfind(|path| path.extension().is_some_and(|ext| ext == "pack")).expect("two");
    let mut bytes = std::fs::read(pack).expect("readable");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x40;
    std::fs::remove_file(pack).expect("gone");
    std::fs::write(pack, bytes).expect("written");
    assert!(sandbox.repository().consolidate().is_err());
    assert_eq!(packs(&sandbox), 2, "both are still there to be repaired");
}

/// A server that a plain git filled, with one branch.
fn foreign() -> Sandbox {
    let sandbox = Sandbox::new();
    std::fs::remove_dir_all(sandbox.path("s.git")).expect("removed");
    assert!(sandbox.run("git", &["init", "-q", "--bare", "-b", "main", "s.git"], &[]).ok);
    sandbox.history(4);
    let url = sandbox.path("s.git");
    sandbox.git("c", &["push", "-q", url.to_str().expect("UTF-8"), "main"]);
    sandbox.commit("more.txt", "x");
    sandbox
}

const MARKER: &str = "s.git/objects/info/dokku-complete";

#[test]
fn a_foreign_repository_is_looked_at_once() {
    let sandbox = foreign();
    assert!(!sandbox.path(MARKER).exists());
    let said = sandbox.push(&["main"]);
    assert!(said.ok, "{}", said.text);
    assert!(sandbox.path(MARKER).exists());
    sandbox.assert_sound();
}

#[test]
fn garbage_in_a_foreign_repository_is_not_leaned_on() {
    let sandbox = foreign();
    let text = format!("tree {}\nauthor a <a@x> 1 +0000\ncommitter a <a@x> 1 +0000\n\nm\n", "1".repeat(40));
    let store = ["hash-object", "-t", "commit", "-w", "--stdin", "--literally"];
    let garbage = String::from_utf8(sandbox.pipe("s.git", &store, text.as_bytes())).expect("hex");
    sandbox.pipe("c", &store, text.as_bytes());
    let said = sandbox.push(&["main"]);
    assert!(said.ok, "{}", said.text);
    assert!(!sandbox.path(MARKER).exists(), "it is asked again until the garbage is gone");

    let tree = sandbox.rev("c", "main^{tree}");
    let text =
        format!("tree {tree}\nparent {garbage}author a <a@x> 1 +0000\ncommitter a <a@x> 1 +0000\n\nm\n");
    let tip = String::from_utf8(sandbox.pipe("c", &store, text.as_bytes())).expect("hex");
    let pack = sandbox.pipe("c", &["pack-objects", "--stdout", "-q"], tip.as_bytes());
    let bytes = request(&[(ZERO, tip.trim(), "refs/heads/trap")], &pack);
    let raw = sandbox.raw(&bytes, &ReceiveOptions::default(), &mut ByHook);
    assert!(raw.text.contains("missing commit"), "{}", raw.text);
    assert_eq!(sandbox.server_ref("refs/heads/trap"), None);
}

#[test]
fn a_hole_in_a_foreign_history_is_named() {
    let sandbox = foreign();
    let tree = sandbox.rev("s.git", "main~1^{tree}");
    let path = sandbox.path("s.git/objects").join(&tree[..2]).join(&tree[2..]);
    std::fs::remove_file(path).expect("a loose object");
    let said = sandbox.push(&["main"]);
    assert!(!said.ok && said.text.contains(&tree), "{}", said.text);
    assert!(said.text.contains("git fsck"), "{}", said.text);
}

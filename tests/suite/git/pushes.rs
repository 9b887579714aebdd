//! What people do every day, with the real git as client.

use dokku::platform::git::{Progress, Push, ReceiveOptions, Receiver, Verdict};

use super::sandbox::{Heard, Sandbox, ZERO, request};
use crate::support::wait::until_true;

#[test]
fn a_first_push_a_thin_second_one_and_nothing_new() {
    let sandbox = Sandbox::new();
    sandbox.history(20);
    let said = sandbox.push(&["main"]);
    assert!(said.ok, "{}", said.text);
    assert_eq!(sandbox.server_ref("main"), Some(sandbox.rev("c", "main")));

    let text =
        std::fs::read_to_string(sandbox.path("c/d0/f0.txt")).expect("there").replace("line 0 5\n", "new\n");
    sandbox.commit("d0/f0.txt", &text);
    let said = sandbox.push(&["main"]);
    assert!(said.ok, "{}", said.text);
    assert_eq!(sandbox.server_ref("main"), Some(sandbox.rev("c", "main")));
    assert!(sandbox.push(&["main"]).text.contains("up-to-date"));
    sandbox.assert_sound();
}

#[test]
fn branches_tags_deletions_and_rewritten_history() {
    let sandbox = Sandbox::new();
    sandbox.history(6);
    sandbox.git("c", &["tag", "light"]);
    sandbox.git("c", &["tag", "-a", "-m", "words", "annotated"]);
    assert!(sandbox.push(&["--tags", "main", "main:refs/heads/other"]).ok);
    assert_eq!(sandbox.server_ref("annotated"), Some(sandbox.rev("c", "annotated")));
    assert!(sandbox.push(&[":refs/heads/other"]).ok);
    assert_eq!(sandbox.server_ref("refs/heads/other"), None);

    let said = sandbox.push(&[":main"]);
    assert!(!said.ok && said.text.contains("deletion of the current branch prohibited"), "{}", said.text);
    // Where it is the branch that deploys, the receiver is asked, and says what to do instead.
    let deploys = [("DOOR_DEPLOY_REF", "refs/heads/main"), ("DOOR_HOOK", "echo do that instead; exit 1")];
    let said = sandbox.push_with("c", "s.git", &[":main"], &deploys);
    assert!(!said.ok && said.text.contains("do that instead"), "{}", said.text);

    sandbox.git("c", &["reset", "-q", "--hard", "HEAD~3"]);
    sandbox.commit("new.txt", "z");
    assert!(!sandbox.push(&["main"]).ok, "not without force");
    assert!(sandbox.push(&["--force", "main"]).ok);
    assert_eq!(sandbox.server_ref("main"), Some(sandbox.rev("c", "main")));

    sandbox.git("s.git", &["config", "receive.denyNonFastForwards", "true"]);
    sandbox.git("c", &["reset", "-q", "--hard", "HEAD~1"]);
    let said = sandbox.push(&["--force", "main"]);
    assert!(!said.ok && said.text.contains("non-fast-forward"), "{}", said.text);
    sandbox.assert_sound();
}

#[test]
fn a_push_without_new_objects_stores_none() {
    let sandbox = Sandbox::new();
    sandbox.history(3);
    assert!(sandbox.push(&["main"]).ok);
    let (_, before) = sandbox.state();
    assert!(sandbox.push(&["main:refs/heads/same"]).ok);
    assert_eq!(sandbox.state().1, before);
    sandbox.assert_sound();
}

#[test]
fn file_and_folder_references_exclude_each_other_packed_ones_too() {
    let sandbox = Sandbox::new();
    sandbox.history(2);
    assert!(sandbox.push(&["main:refs/heads/df"]).ok);
    sandbox.git("s.git", &["pack-refs", "--all"]);
    let said = sandbox.push(&["main:refs/heads/df/sub"]);
    assert!(!said.ok && said.text.contains("'refs/heads/df' exists"), "{}", said.text);
    assert!(sandbox.push(&["main:refs/heads/q/w"]).ok);
    let said = sandbox.push(&["main:refs/heads/q"]);
    assert!(!said.ok && said.text.contains("'refs/heads/q/w' exists"), "{}", said.text);
    assert!(sandbox.push(&[":refs/heads/df"]).ok);
    assert!(sandbox.push(&["main:refs/heads/df/sub"]).ok, "room was made");
    assert!(sandbox.push(&[":refs/heads/q/w", "main:refs/heads/q"]).ok, "in one push, too");
    sandbox.assert_sound();
}

#[test]
fn an_atomic_push_is_all_or_nothing() {
    let sandbox = Sandbox::new();
    sandbox.history(2);
    assert!(sandbox.push(&["main:refs/heads/q/w"]).ok);
    let said = sandbox.push(&["--atomic", "main:refs/heads/one", "main:refs/heads/q"]);
    assert!(!said.ok && said.text.contains("atomic push failure"), "{}", said.text);
    assert_eq!(sandbox.server_ref("refs/heads/one"), None);
    let said = sandbox.push(&["main:refs/heads/one", "main:refs/heads/q"]);
    assert!(!said.ok, "one is refused");
    assert!(sandbox.server_ref("refs/heads/one").is_some(), "the other is not");
    assert!(sandbox.push(&["--atomic", "main:refs/heads/two", "main:refs/heads/three"]).ok);
    sandbox.assert_sound();
}

#[test]
fn many_references_at_once() {
    let sandbox = Sandbox::new();
    sandbox.history(2);
    sandbox.git("c", &["tag", "-a", "-m", "words", "annotated"]);
    for number in 0..40 {
        sandbox.git("c", &["update-ref", &format!("refs/heads/b{number}"), "main"]);
    }
    let deploy = [("DOOR_DEPLOY_REF", "refs/heads/main")];
    let said = sandbox.push_with("c", "s.git", &["--all"], &deploy);
    assert!(said.ok, "{}", said.text);
    assert!(sandbox.push(&["--tags"]).ok);
    assert!(sandbox.path("s.git/refs/heads/main").is_file(), "scripts read this file");
    assert!(!sandbox.path("s.git/refs/heads/b7").exists(), "the rest is packed");
    assert_eq!(sandbox.git("s.git", &["for-each-ref", "refs/heads"]).lines().count(), 41);
    assert!(sandbox.push(&[":refs/heads/b7", "main:refs/heads/b8"]).ok);
    assert_eq!(sandbox.server_ref("refs/heads/b7"), None);
    sandbox.assert_sound();
}

#[test]
fn the_decision_sees_the_objects_and_a_refusal_keeps_none() {
    let sandbox = Sandbox::new();
    sandbox.history(3);
    assert!(sandbox.push(&["main"]).ok);
    sandbox.commit("more.txt", "x");
    let before = sandbox.state();
    let hook = "while read old new name; do git cat-file -t $new; git ls-tree -r $new | wc -l; \
                echo option=$GIT_PUSH_OPTION_0; done; exit $DOOR_EXIT";
    let push = |exit| {
        let env = [("DOOR_HOOK", hook), ("DOOR_EXIT", exit)];
        sandbox.push_with("c", "s.git", &["--push-option=skip=1", "main"], &env)
    };
    let said = push("1");
    assert!(
        !said.ok && said.text.contains("[remote rejected] main -> main (the hook said no)"),
        "{}",
        said.text
    );
    assert!(said.text.contains("remote: commit") && said.text.contains("option=skip=1"), "{}", said.text);
    assert_eq!(sandbox.state(), before);
    let said = push("0");
    assert!(said.ok, "{}", said.text);
    assert_eq!(sandbox.server_ref("main"), Some(sandbox.rev("c", "main")));
    sandbox.assert_sound();
}

/// A deploy that says nothing for long, as a check that waits.
struct Silent(Heard);

impl Receiver for Silent {
    fn decide(&mut self, push: &Push<'_>, _: &Progress) -> Vec<Verdict> {
        until_true(30, "an empty packet in the client's band", || self.0.contains("0005\u{1}"));
        vec![Verdict::Accept; push.updates.len()]
    }
}

#[test]
fn a_silent_deploy_does_not_leave_the_connection_silent() {
    let sandbox = Sandbox::new();
    sandbox.history(1);
    let pack = sandbox.pack(&[], &["main"]);
    let wanted = request(&[(ZERO, &sandbox.rev("c", "main"), "refs/heads/main")], &pack);
    let heard = Heard::default();
    let raw = sandbox.raw_heard(&wanted, &ReceiveOptions::default(), &mut Silent(heard.clone()), &heard);
    raw.outcome.expect("accepted");
    sandbox.assert_sound();
}

#[test]
fn a_submodule_needs_no_objects() {
    let sandbox = Sandbox::new();
    sandbox.history(1);
    let link = format!("160000,{},sub", "12".repeat(20));
    sandbox.git("c", &["update-index", "--add", "--cacheinfo", &link]);
    sandbox.git("c", &["commit", "-q", "-m", "sub"]);
    assert!(sandbox.push(&["main"]).ok);
    sandbox.assert_sound();
}

#[test]
fn a_shallow_clone_can_push_on_what_is_here_and_is_told_what_to_do_elsewhere() {
    let sandbox = Sandbox::new();
    sandbox.history(5);
    assert!(sandbox.push(&["main"]).ok);
    let url = format!("file://{}", sandbox.path("s.git").display());
    assert!(sandbox.run("git", &["clone", "-q", "--depth=1", &url, "shallow"], &[]).ok);
    sandbox.commit_in("shallow", "more.txt", "x");
    let said = sandbox.push_with("shallow", "s.git", &["HEAD:main"], &[]);
    assert!(said.ok, "{}", said.text);
    sandbox.assert_sound();

    sandbox.server("empty.git", "sha1");
    let said = sandbox.push_with("shallow", "empty.git", &["HEAD:main"], &[]);
    assert!(!said.ok && said.text.contains("git fetch --unshallow"), "{}", said.text);
    assert_eq!(sandbox.git("empty.git", &["for-each-ref"]), "");
}

#[test]
fn repositories_named_by_sha256() {
    let sandbox = Sandbox::of_format("sha256");
    sandbox.history(6);
    let said = sandbox.push(&["main"]);
    assert!(said.ok, "{}", said.text);
    let text =
        std::fs::read_to_string(sandbox.path("c/d0/f0.txt")).expect("there").replace("line 0 5\n", "new\n");
    sandbox.commit("d0/f0.txt", &text);
    assert!(sandbox.push(&["main"]).ok);
    assert_eq!(sandbox.server_ref("main"), Some(sandbox.rev("c", "main")));
    sandbox.assert_sound();
    assert!(sandbox.run("git", &["init", "-q", "-b", "main", "old"], &[]).ok);
    sandbox.commit_in("old", "a", "b");
    assert!(!sandbox.push_with("old", "s.git", &["main"], &[]).ok, "the two formats do not mix");
}

#[test]
fn a_large_file_goes_through() {
    let sandbox = Sandbox::new();
    let mut random = super::fuzz::Random(7);
    let text: String = (0..400_000).map(|_| format!("{:016x}\n", random.next())).collect();
    sandbox.commit("large.txt", &text);
    assert!(sandbox.push(&["main"]).ok);
    sandbox.commit("large.txt", &(text + "one more line\n"));
    assert!(sandbox.push(&["main"]).ok);
    sandbox.assert_sound();
}

#[test]
fn the_deploy_branch_may_have_moved_if_the_push_builds_on_it() {
    let sandbox = Sandbox::new();
    sandbox.history(2);
    assert!(sandbox.push(&["main"]).ok);
    let first = sandbox.rev("c", "main");
    let second = sandbox.commit("second.txt", "2");
    let third = sandbox.commit("third.txt", "3");
    // While the push of `third` waits for its decision, `second` lands.
    let hook = format!("unset GIT_QUARANTINE_PATH; git update-ref refs/heads/main {second} {first}");
    let move_it = sandbox.push_with("c", "s.git", &["main~1:refs/heads/side"], &[]);
    assert!(move_it.ok, "{}", move_it.text);
    let env = [("DOOR_DEPLOY_REF", "refs/heads/main"), ("DOOR_HOOK", hook.as_str())];
    let said = sandbox.push_with("c", "s.git", &["main"], &env);
    assert!(said.ok, "{}", said.text);
    assert_eq!(sandbox.server_ref("main"), Some(third));

    sandbox.git("c", &["reset", "-q", "--hard", &second]);
    let other = sandbox.commit("other.txt", "4");
    let hook = format!("unset GIT_QUARANTINE_PATH; git update-ref refs/heads/main {first}");
    let env = [("DOOR_HOOK", hook.as_str())];
    let said = sandbox.push_with("c", "s.git", &["--force", "main"], &env);
    assert!(!said.ok && said.text.contains("meanwhile: fetch first"), "{other}: {}", said.text);
    assert_eq!(sandbox.server_ref("main"), Some(first));
    sandbox.assert_sound();
}

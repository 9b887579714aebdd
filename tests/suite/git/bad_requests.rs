//! Requests that ask for what cannot be, and clients that race or hang up.

use dokku::platform::git::{Progress, Push, ReceiveOptions, Receiver, Verdict};

use super::door::ByHook;
use super::sandbox::{Sandbox, ZERO, request, request_with};

/// A pack without objects, as a client sends it when it has only references to change.
const EMPTY_PACK: &[u8] =
    b"PACK\0\0\0\x02\0\0\0\0\x02\x9d\x08\x82\x3b\xd8\xa8\xea\xb5\x10\xad\x6a\xc7\x5c\x82\x3c\xfd\x3e\xd3\x1e";

fn refusal(sandbox: &Sandbox, update: (&str, &str, &str)) -> String {
    let before = sandbox.state();
    let raw = sandbox.raw(&request(&[update], EMPTY_PACK), &ReceiveOptions::default(), &mut ByHook);
    assert_eq!(sandbox.state(), before);
    assert!(raw.text.contains(&format!("ng {} ", update.2)), "{}", raw.text);
    raw.outcome.expect("told in the report").results[0].refusal.clone().expect("refused")
}

#[test]
fn updates_that_cannot_be() {
    let sandbox = Sandbox::new();
    sandbox.history(3);
    assert!(sandbox.push(&["main"]).ok);
    let main = sandbox.rev("c", "main");
    let older = sandbox.rev("c", "main~1");
    let ghost = "1".repeat(40);
    let tree = sandbox.rev("c", "main^{tree}");
    assert!(refusal(&sandbox, (ZERO, &ghost, "refs/heads/ghost")).contains("missing necessary objects"));
    assert!(refusal(&sandbox, (ZERO, &tree, "refs/heads/tree")).contains("must point to a commit"));
    assert!(refusal(&sandbox, (ZERO, &main, "refs/heads/main")).contains("already exists"));
    assert!(refusal(&sandbox, (&older, &older, "refs/heads/main")).contains("fetch first"));
    for name in [
        "HEAD",
        "refs/heads/../x",
        "refs/heads/a..b",
        "config",
        "refs/heads/x.lock",
        "../../etc/passwd",
        "refs/heads/a b",
        "refs/heads/-\u{7f}",
        "refs/",
        "refs/heads/",
        "/refs/heads/x",
        "refs/heads//x",
        "refs/heads/.x",
    ] {
        assert_eq!(refusal(&sandbox, (ZERO, &main, name)), "funny refname", "{name}");
    }
    let long = format!("refs/heads/{}", "x".repeat(300));
    assert!(refusal(&sandbox, (ZERO, &main, &long)).contains("too long"));
    sandbox.assert_sound();
}

#[test]
fn a_name_twice_is_changed_once() {
    let sandbox = Sandbox::new();
    sandbox.history(1);
    assert!(sandbox.push(&["main"]).ok);
    let main = sandbox.rev("c", "main");
    let twice = [(ZERO, main.as_str(), "refs/heads/x"), (ZERO, main.as_str(), "refs/heads/x")];
    let raw = sandbox.raw(&request(&twice, EMPTY_PACK), &ReceiveOptions::default(), &mut ByHook);
    assert!(raw.text.contains("multiple updates"), "{}", raw.text);
    sandbox.assert_sound();
}

#[test]
fn clients_that_hang_up_leave_nothing() {
    let sandbox = Sandbox::new();
    sandbox.history(4);
    let main = sandbox.rev("c", "main");
    let pack = sandbox.pack(&[], &["main"]);
    let whole = request(&[(ZERO, &main, "refs/heads/main")], &pack);
    let before = sandbox.state();
    for cut in [0, 2, 60, 150, whole.len() / 2, whole.len() - 10] {
        let _ = sandbox.raw(&whole[..cut], &ReceiveOptions::default(), &mut ByHook);
        assert_eq!(sandbox.state(), before, "cut at {cut}");
    }
    sandbox.assert_sound();
}

#[test]
fn nonsense_is_answered_in_words() {
    let sandbox = Sandbox::new();
    for nonsense in [&b"GET / HTTP/1.1\r\n\r\n"[..], b"zzzz", b"0003", b"000bpushme!0000"] {
        let raw = sandbox.raw(nonsense, &ReceiveOptions::default(), &mut ByHook);
        assert!(raw.outcome.is_err() && raw.text.contains("ERR "), "{}", raw.text);
    }
    let raw = sandbox.raw(
        &request_with(
            "report-status object-format=sha256",
            &[(ZERO, &"1".repeat(40), "refs/heads/x")],
            EMPTY_PACK,
        ),
        &ReceiveOptions::default(),
        &mut ByHook,
    );
    assert!(raw.outcome.is_err_and(|why| why.contains("sha256")));
}

#[test]
fn eight_pushes_race_for_one_branch_and_one_wins() {
    let sandbox = Sandbox::new();
    sandbox.history(2);
    assert!(sandbox.push(&["main"]).ok);
    let main = sandbox.rev("c", "main");
    let racers: Vec<(String, Vec<u8>)> = (0..8)
        .map(|number| {
            sandbox.git("c", &["checkout", "-q", "-B", "race", &main]);
            let tip = sandbox.commit(&format!("race{number}.txt"), &"x".repeat(number + 1));
            (tip, sandbox.pack(&[], &["race", "^main"]))
        })
        .collect();
    let race = |name: &(dyn Fn(usize) -> (String, String) + Sync)| -> usize {
        std::thread::scope(|scope| {
            let runs: Vec<_> = racers
                .iter()
                .enumerate()
                .map(|(number, (tip, pack))| {
                    let sandbox = &sandbox;
                    scope.spawn(move || {
                        let (old, name) = name(number);
                        let bytes = request(&[(&old, tip, &name)], pack);
                        let raw = sandbox.raw(&bytes, &ReceiveOptions::default(), &mut ByHook);
                        raw.outcome.expect("reported").results[0].refusal.is_none()
                    })
                })
                .collect();
            runs.into_iter().map(|run| run.join().expect("ran")).filter(|won| *won).count()
        })
    };
    assert_eq!(race(&|_| (main.clone(), "refs/heads/main".to_owned())), 1);
    assert_eq!(race(&|number| (ZERO.to_owned(), format!("refs/heads/b{number}"))), 8);
    sandbox.assert_sound();
}

struct Panics;

impl Receiver for Panics {
    fn decide(&mut self, _: &Push<'_>, _: &Progress) -> Vec<Verdict> {
        panic!("the decision fails");
    }
}

#[test]
fn a_decision_that_panics_lands_nothing() {
    let sandbox = Sandbox::new();
    sandbox.history(2);
    let main = sandbox.rev("c", "main");
    let bytes = request(&[(ZERO, &main, "refs/heads/main")], &sandbox.pack(&[], &["main"]));
    let before = sandbox.state();
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        sandbox.raw(&bytes, &ReceiveOptions::default(), &mut Panics)
    }));
    assert!(caught.is_err());
    assert_eq!(sandbox.state(), before);
    sandbox.assert_sound();
}

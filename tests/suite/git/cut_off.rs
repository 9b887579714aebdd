//! A push that the end of the server cuts off: its objects wait, and it is decided on once more.

use dokku::platform::git::{HeldPush, Progress, Push, ReceiveOptions, Receiver, Verdict, receive_held};

use super::sandbox::{Sandbox, ZERO, request};

/// Refuses, as its process is asked to end.
#[derive(Default)]
pub struct CutOff {
    /// What would be written down.
    pub held: Option<HeldPush>,
}

impl Receiver for CutOff {
    fn decide(&mut self, push: &Push<'_>, _: &Progress) -> Vec<Verdict> {
        self.held = push.held();
        vec![Verdict::Refuse("the server ends".to_owned()); push.updates.len()]
    }

    fn is_cut_off(&self) -> bool {
        true
    }
}

/// Accepts.
struct Accept;

impl Receiver for Accept {
    fn decide(&mut self, push: &Push<'_>, _: &Progress) -> Vec<Verdict> {
        vec![Verdict::Accept; push.updates.len()]
    }
}

fn cut_off(sandbox: &Sandbox) -> HeldPush {
    let tip = sandbox.rev("c", "main");
    let bytes = request(&[(ZERO, &tip, "refs/heads/main")], &sandbox.pack(&[], &["main"]));
    let mut receiver = CutOff::default();
    let received = sandbox.raw(&bytes, &ReceiveOptions::default(), &mut receiver).outcome.expect("received");
    assert_eq!(received.results[0].refusal.as_deref(), Some("the server ends"));
    assert_eq!(sandbox.server_ref("main"), None);
    let held = receiver.held.expect("it brought objects");
    held.seal(&sandbox.repository()).expect("on disk");
    held
}

#[test]
fn it_is_taken_up_once() {
    let sandbox = Sandbox::new();
    sandbox.history(4);
    let held = cut_off(&sandbox);
    let take_up = || receive_held(&sandbox.repository(), &held, &ReceiveOptions::default(), &mut Accept);
    let received = take_up().expect("readable").expect("its objects are there");
    assert_eq!(received.results[0].refusal, None);
    assert_eq!(sandbox.server_ref("main"), Some(sandbox.rev("c", "main")));
    assert!(take_up().expect("readable").is_none(), "they are part of the repository now");
    sandbox.assert_sound();
}

#[test]
fn it_gives_way_to_a_push_that_comes_first() {
    let sandbox = Sandbox::new();
    sandbox.history(4);
    let held = cut_off(&sandbox);
    assert!(sandbox.push(&["main~1:refs/heads/main"]).ok);
    let gone = receive_held(&sandbox.repository(), &held, &ReceiveOptions::default(), &mut Accept);
    assert!(gone.expect("readable").is_none(), "the other has swept them");
    sandbox.assert_sound();
}

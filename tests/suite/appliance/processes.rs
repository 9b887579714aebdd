//! What runs in the container, and as whom.

use crate::support::Appliance;
use crate::support::appliance::docker;

/// Programs that run as root, each with its reason. All else runs as dokku or www-data.
const ROOT: &[(&str, &str)] = &[
    ("dokku init", "PID 1: it reaps for all users, and starts children that need root"),
    ("dokku serve", "it binds port 22 and becomes user dokku in each session it starts"),
    ("nginx: master", "it binds the ports 80 and 443 and opens its logs; its workers are www-data"),
];

#[test]
fn each_process_that_runs_as_root_has_a_reason() {
    let Some(dokku) = Appliance::start() else { return };
    // Asked from outside, so that the question itself is not among the answers.
    let listed = docker(&["top", &dokku.name(), "-eo", "user,pid,args"]).ok();
    let mut seen = 0;
    for line in listed.out.lines().skip(1).filter(|line| line.starts_with("root ")) {
        assert!(
            ROOT.iter().any(|(program, _)| line.contains(program)),
            "no reason is given for: {line}\n{listed}"
        );
        seen += 1;
    }
    assert_eq!(seen, ROOT.len(), "{listed}");
}

#[test]
fn a_session_is_not_root_and_leaves_no_process() {
    let Some(dokku) = Appliance::start() else { return };
    let count = || docker(&["top", &dokku.name(), "-eo", "pid"]).ok().out.lines().count();
    let before = count();
    for _ in 0..3 {
        dokku.ssh(&["apps:list"]);
        dokku.dokku(&["apps:list"]);
    }
    crate::support::wait::until_true(10, "no process is left over", || count() <= before);
}

//! A plugin's daemon lives with the server: as user dokku, through its death, and through an upgrade.

use crate::support::wait::until_true;
use crate::support::{Appliance, Repository};

/// The processes of the fixture's daemon itself: user and parent of each.
fn daemons(dokku: &Appliance) -> Vec<String> {
    let listed = dokku.inside(&["ps", "-eo", "user=,ppid=,args="]).ok().out;
    let of_daemon = listed.lines().filter(|line| line.contains("/daemon/bin/daemon"));
    of_daemon.map(|line| line.split_whitespace().take(2).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn a_daemon_lives_with_the_server() {
    let Some(dokku) = Appliance::start() else { return };
    let repository = Repository::of_plugin("daemon");
    let target = format!("{}:/root/daemon", dokku.name());
    dokku.docker(&["cp", &repository.path().to_string_lossy(), &target]).ok();
    dokku.dokku(&["plugin:install", "file:///root/daemon", "--name", "daemon"]).ok();
    dokku.dokku(&["plugin:check", "daemon"]).ok().says("runs, takes daemon-echo");
    let answers = |word: &str| {
        let asked = dokku.inside(&["sudo", "-u", "dokku", "plugn", "trigger", "daemon-echo", word]);
        assert!(asked.status == 0 && asked.out == format!("hello: {word}\n"), "{asked}");
    };
    answers("first");
    let begun = daemons(&dokku);
    assert!(begun.len() == 1 && begun[0].starts_with("dokku "), "{begun:?}");

    dokku.inside(&["sh", "-c", "kill -9 $(pgrep -fo '^dokku serve')"]).ok();
    until_true(60, "the next server has its own daemon alone", || {
        let now = daemons(&dokku);
        now.len() == 1 && now != begun
    });
    answers("after the server died");

    dokku.docker(&["rm", "-f", &dokku.name()]).ok();
    dokku.boot();
    dokku.wait_healthy();
    answers("after an upgrade");

    dokku.dokku(&["plugin:disable", "daemon"]).ok();
    assert_eq!(daemons(&dokku), Vec::<String>::new());
}

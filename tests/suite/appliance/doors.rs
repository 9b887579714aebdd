//! Who comes in by SSH, and what a session may do.

use crate::support::appliance::{Options, docker};
use crate::support::shell::run;
use crate::support::{Appliance, Repository};

#[test]
fn only_known_keys_of_the_known_users_come_in() {
    let Some(dokku) = Appliance::start() else { return };
    dokku.make_key("stranger");
    dokku.ssh(&["version"]).ok().says("dokku version");
    dokku.ssh_as("git", "key", &["version"]).ok();
    for (user, key) in [("dokku", "stranger"), ("root", "key"), ("nobody", "key"), ("www-data", "key")] {
        let ran = dokku.ssh_as(user, key, &["version"]);
        assert_eq!(ran.status, 255, "{user} with {key}: {ran}");
        ran.says("Permission denied (publickey)").never_says("dokku version");
    }
    // A push of a stranger makes no app.
    let (app, repository) = (dokku.app("theirs"), Repository::of("hello"));
    let environment = dokku.git_environment("stranger");
    let environment: Vec<(&str, &str)> = environment.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    repository.git_with(&["push", &dokku.url(&app), "main"], &environment).fails();
    dokku.dokku(&["apps:exists", &app]).fails();
}

#[test]
fn no_password_is_asked_for_and_nothing_is_forwarded() {
    let Some(dokku) = Appliance::start() else { return };
    let port = dokku.ports[0].to_string();
    let key = dokku.path_of("key");
    let base = [
        "ssh",
        "-F",
        "none",
        "-o",
        "StrictHostKeyChecking=no",
        "-o",
        "UserKnownHostsFile=/dev/null",
        "-o",
        "BatchMode=yes",
        "-p",
        &port,
    ];
    let mut words = base.to_vec();
    words.extend(["-o", "PubkeyAuthentication=no", "-v", "dokku@127.0.0.1", "version"]);
    run(30, &words, &[], b"").fails().says("can continue: publickey").never_says("can continue: publickey,");
    let mut words = base.to_vec();
    words.extend([
        "-i",
        &key,
        "-o",
        "ExitOnForwardFailure=yes",
        "-R",
        "0:127.0.0.1:22",
        "dokku@127.0.0.1",
        "version",
    ]);
    run(30, &words, &[], b"").fails();
    let mut words = base.to_vec();
    words.extend(["-i", &key, "-W", "127.0.0.1:18080", "dokku@127.0.0.1"]);
    run(30, &words, &[], b"GET / HTTP/1.0\r\n\r\n").fails().never_says("HTTP/1.");
}

#[test]
fn exit_status_and_both_streams_arrive_apart() {
    let Some(dokku) = Appliance::start() else { return };
    let ran = dokku.ssh(&["apps:exists", "nobody-made-this"]);
    assert_eq!((ran.status, ran.out.as_str()), (20, ""), "{ran}");
    assert!(ran.err.contains(" !     App nobody-made-this does not exist"), "{ran}");
    dokku.ssh(&["no-such-command"]).fails().says("is not a dokku command");
    let ran = dokku.ssh(&["ssh-keys:remove", "admin"]).fails();
    ran.says("This command must be run as root");
}

#[test]
fn the_key_goes_and_its_owner_stays_out() {
    let Some(dokku) = Appliance::start() else { return };
    dokku.make_key("guest");
    dokku.add_key("guest", "guest");
    dokku.ssh_as("dokku", "guest", &["version"]).ok();
    dokku.ssh(&["ssh-keys:list"]).ok().says("NAME=\"guest\"");
    dokku.dokku(&["ssh-keys:remove", "guest"]).ok();
    assert_eq!(dokku.ssh_as("dokku", "guest", &["version"]).status, 255);
    dokku.ssh_as("dokku", "key", &["version"]).ok();
}

#[test]
fn host_keys_outlive_the_container() {
    let Some(dokku) = Appliance::start() else { return };
    let port = dokku.ports[0].to_string();
    let scan = || run(30, &["ssh-keyscan", "-t", "ed25519,ecdsa,rsa", "-p", &port, "127.0.0.1"], &[], b"");
    let kinds = |text: &str| {
        let mut lines: Vec<String> =
            text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
        lines.sort();
        lines
    };
    // The RSA key is made in the background of the first boot.
    let before = crate::support::wait::until(60, "three host keys", || {
        Some(kinds(&scan().out)).filter(|keys| keys.len() == 3)
    });
    docker(&["rm", "-f", &dokku.name()]).ok();
    dokku.boot();
    dokku.wait_healthy();
    assert_eq!(kinds(&scan().out), before);
}

#[test]
fn clients_other_than_openssh_come_in() {
    let Some(dokku) = Appliance::with(Options::default()) else { return };
    let port = dokku.ports[0].to_string();
    let (key, dropbear, putty) =
        (dokku.path_of("key"), dokku.path_of("key.dropbear"), dokku.path_of("key.ppk"));
    run(30, &["dropbearconvert", "openssh", "dropbear", &key, &dropbear], &[], b"").ok();
    run(30, &["dbclient", "-y", "-y", "-i", &dropbear, "-p", &port, "dokku@127.0.0.1", "version"], &[], b"")
        .ok()
        .says("dokku version");
    run(30, &["puttygen", &key, "-O", "private", "-o", &putty], &[], b"").ok();
    let scanned = run(30, &["ssh-keyscan", "-t", "ed25519", "-p", &port, "127.0.0.1"], &[], b"").ok();
    let public = dokku.path_of("host.pub");
    let line = scanned.out.lines().find(|line| !line.starts_with('#')).expect("a host key");
    std::fs::write(&public, line.split_once(' ').expect("host and key").1).expect("a file");
    let print = run(30, &["ssh-keygen", "-lf", &public], &[], b"").ok();
    let print = print.out.split(' ').nth(1).expect("a fingerprint").to_owned();
    let words = [
        "plink",
        "-batch",
        "-ssh",
        "-hostkey",
        &print,
        "-i",
        &putty,
        "-P",
        &port,
        "dokku@127.0.0.1",
        "version",
    ];
    run(30, &words, &[], b"").ok().says("dokku version");
}

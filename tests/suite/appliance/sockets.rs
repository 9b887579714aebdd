//! The engine's socket belongs to whatever group the host has; every door reaches the engine none the less.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::net::{UnixListener, UnixStream};

use crate::support::appliance::{Options, is_wanted};
use crate::support::{Appliance, Repository};

/// A second socket to the same engine, mode 0660 and with this group. Serves until the test ends.
fn socket_with_group(path: &str, group: u32) {
    let listener = UnixListener::bind(path).expect("a socket");
    chown(path, Some(0), Some(group)).expect("the tests run as root where there is an engine");
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o660)).expect("a mode");
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let Ok(engine) = UnixStream::connect("/var/run/docker.sock") else { continue };
            join(client, engine);
        }
    });
}

/// Passes on what each side says to the other.
pub fn join(client: UnixStream, engine: UnixStream) {
    let (back, forth) = (engine.try_clone(), client.try_clone());
    if let (Ok(back), Ok(forth)) = (back, forth) {
        std::thread::spawn(move || pipe(client, engine));
        std::thread::spawn(move || pipe(back, forth));
    }
}

fn pipe(mut from: UnixStream, mut to: UnixStream) {
    let mut buffer = vec![0; 65536];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    // The other direction may go on: attaching half-closes.
    let _ = to.shutdown(Shutdown::Write);
}

fn a_socket_of_group(group: u32) {
    if !is_wanted() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("docker.sock").to_string_lossy().into_owned();
    socket_with_group(&path, group);
    let options = Options { socket: Some(path), ..Options::default() };
    let Some(dokku) = Appliance::with(options) else { return };

    // By SSH, by `docker exec` as root and as dokku, and inside a session's own processes.
    let (app, repository) = (dokku.app("group"), Repository::of("hello"));
    dokku.push(&repository, &app).ok();
    dokku.wait_page(&app, "pushed with git");
    dokku.ssh(&["ps:report", &app, "--running"]).ok().says("true");
    dokku.inside(&["sudo", "-u", "dokku", "docker", "version"]).ok();
    // Numbers alone would do for the kernel; with a name for each, programs do not complain either.
    let ask = "for what in -G -Gn; do id $what; done 2>&1";
    let groups = dokku.inside(&["sudo", "-u", "dokku", "sh", "-c", ask]).ok();
    assert!(groups.out.split_whitespace().any(|id| id == group.to_string()), "{groups}");
    assert!(!groups.out.contains("cannot find name"), "{groups}");
    // A plugin's script runs inside the session and tells its groups.
    let folder = "/var/lib/dokku/plugins/enabled/zz-groups";
    let script = format!(
        "mkdir -p {folder} && printf '#!/bin/sh\\n{ask}\\n' >{folder}/report && chmod +x {folder}/report"
    );
    dokku.inside(&["sh", "-c", &script]).ok();
    for ran in [dokku.ssh(&["report", &app]).ok(), dokku.dokku(&["report", &app]).ok()] {
        assert!(ran.out.contains(&groups.out), "the same groups by every door: {groups}\n{ran}");
    }
}

#[test]
fn of_root() {
    a_socket_of_group(0);
}

#[test]
fn of_the_same_number_as_our_own_group() {
    a_socket_of_group(200);
}

#[test]
fn of_a_usual_number() {
    a_socket_of_group(999);
}

#[test]
fn of_a_number_beyond_all_others() {
    a_socket_of_group(64000);
}

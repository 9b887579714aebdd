//! `kill -9` of the server side, at its worst moments.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};

use super::sandbox::{Sandbox, ZERO, request};

/// The program behind the door, fed by us.
fn door(sandbox: &Sandbox, env: &[(&str, &str)]) -> Child {
    Command::new(sandbox.path("receive-door"))
        .arg(sandbox.path("s.git"))
        .envs(env.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("started")
}

fn kill(mut child: Child) {
    child.kill().expect("killed");
    child.wait().expect("gone");
}

/// Waits until the child has said this.
fn heard(child: &mut Child, wanted: &str) {
    let stdout = child.stdout.as_mut().expect("piped");
    let mut text = Vec::new();
    let mut byte = [0];
    while !String::from_utf8_lossy(&text).contains(wanted) {
        assert!(stdout.read(&mut byte).expect("readable") > 0, "{}", String::from_utf8_lossy(&text));
        text.extend_from_slice(&byte);
    }
}

fn quarantines(sandbox: &Sandbox) -> usize {
    let names = std::fs::read_dir(sandbox.path("s.git/objects")).expect("there");
    names.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with("tmp_")).count()
}

#[test]
fn killed_while_it_decides_nothing_is_visible_and_the_next_push_cleans_up() {
    let sandbox = Sandbox::new();
    sandbox.history(4);
    assert!(sandbox.push(&["main~2:refs/heads/main"]).ok);
    let references = sandbox.git("s.git", &["for-each-ref"]);
    let tip = sandbox.rev("c", "main");
    let bytes = request(&[(ZERO, &tip, "refs/heads/new")], &sandbox.pack(&[], &["main", "^main~2"]));
    let mut child = door(&sandbox, &[("DOOR_HOOK", "echo deciding; exec sleep 600")]);
    child.stdin.as_mut().expect("piped").write_all(&bytes).expect("taken");
    heard(&mut child, "deciding");

    // A second push goes through meanwhile, and leaves the living quarantine alone.
    assert!(sandbox.push(&["main~1:refs/heads/second"]).ok);
    assert_eq!(quarantines(&sandbox), 1);
    kill(child);
    assert_eq!(quarantines(&sandbox), 1);
    sandbox.assert_fsck("s.git");
    assert!(!sandbox.git("s.git", &["for-each-ref"]).contains("refs/heads/new"));
    assert!(sandbox.git("s.git", &["for-each-ref"]).starts_with(&references));

    assert!(sandbox.push(&["main:refs/heads/new"]).ok);
    sandbox.assert_sound();
}

#[test]
fn killed_in_mid_pack() {
    let sandbox = Sandbox::new();
    sandbox.history(4);
    let tip = sandbox.rev("c", "main");
    let bytes = request(&[(ZERO, &tip, "refs/heads/main")], &sandbox.pack(&[], &["main"]));
    let mut child = door(&sandbox, &[]);
    heard(&mut child, "0000");
    child.stdin.as_mut().expect("piped").write_all(&bytes[..bytes.len() / 2]).expect("taken");
    while quarantines(&sandbox) == 0 {
        std::thread::yield_now();
    }
    kill(child);
    assert_eq!(sandbox.git("s.git", &["for-each-ref"]), "");
    assert!(sandbox.push(&["main"]).ok);
    sandbox.assert_sound();
}

#[test]
fn a_client_killed_while_the_deploy_runs_does_not_end_it() {
    let sandbox = Sandbox::new();
    sandbox.history(2);
    let tip = sandbox.rev("c", "main");
    let bytes = request(&[(ZERO, &tip, "refs/heads/main")], &sandbox.pack(&[], &["main"]));
    let gate = sandbox.path("gate");
    assert!(sandbox.run("mkfifo", &[gate.to_str().expect("UTF-8")], &[]).ok);
    let hook = format!("echo deciding; cat {} >/dev/null; seq 100000; echo done", gate.display());
    let mut child = door(&sandbox, &[("DOOR_HOOK", &hook)]);
    child.stdin.as_mut().expect("piped").write_all(&bytes).expect("taken");
    heard(&mut child, "deciding");
    // The client is gone: nobody reads, nobody writes.
    drop((child.stdin.take(), child.stdout.take()));
    std::fs::write(&gate, "go").expect("the hook waits");
    assert!(child.wait().expect("ended").success());
    assert_eq!(sandbox.server_ref("main"), Some(tip));
    sandbox.assert_sound();
}

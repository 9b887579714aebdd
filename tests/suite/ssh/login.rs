//! Who gets in, and who does not.

use super::door::{TestDoor, text};
use dokku::store::keys::{DEFAULT_RESTRICTIONS, Selector, remove};

#[test]
fn every_key_type_of_openssh_gets_in() {
    let door = TestDoor::open();
    for key_type in ["ed25519", "ecdsa 256", "ecdsa 384", "ecdsa 521", "rsa 3072"] {
        let key = door.add_key(&key_type.replace(' ', "-"), key_type, DEFAULT_RESTRICTIONS);
        let output = door.ssh_as("dokku", &key, &[]).arg("echo $NAME").output().unwrap();
        assert_eq!(text(&output.stdout).trim(), key_type.replace(' ', "-"), "{}", text(&output.stderr));
    }
}

#[test]
fn git_is_another_name_for_dokku_and_nobody_else_gets_in() {
    let door = TestDoor::open();
    let key = door.key("admin");
    assert_eq!(text(&door.ssh_as("git", &key, &[]).arg("echo in").output().unwrap().stdout), "in\n");
    for user in ["root", "nobody", "Dokku", ""] {
        let output = door.ssh_as(user, &key, &["-l", user]).arg("echo in").output().unwrap();
        assert_ne!(text(&output.stdout), "in\n", "{user:?}");
        assert_eq!(output.status.code(), Some(255));
    }
}

#[test]
fn unknown_keys_passwords_and_questions_are_refused() {
    let door = TestDoor::open();
    let stranger = door.make_key("stranger", "ed25519");
    let output = door.ssh_as("dokku", &stranger, &[]).arg("echo in").output().unwrap();
    assert!(text(&output.stderr).contains("Permission denied (publickey)"), "{}", text(&output.stderr));
    let output = door
        .ssh_as("dokku", &stranger, &["-o", "PreferredAuthentications=password,keyboard-interactive"])
        .arg("echo in")
        .output()
        .unwrap();
    assert!(text(&output.stderr).contains("Permission denied (publickey)"), "{}", text(&output.stderr));
}

#[test]
fn a_key_removed_is_out_at_once() {
    let door = TestDoor::open();
    assert!(door.run("true").status.success());
    remove(door.folder.path(), &Selector::Name("admin".into())).unwrap();
    assert_eq!(door.run("true").status.code(), Some(255));
}

#[test]
fn signatures_with_sha1_are_refused() {
    let door = TestDoor::open();
    let key = door.add_key("rsa", "rsa 2048", DEFAULT_RESTRICTIONS);
    let old = ["-o", "PubkeyAcceptedAlgorithms=ssh-rsa"];
    assert_eq!(door.ssh_as("dokku", &key, &old).arg("true").output().unwrap().status.code(), Some(255));
}

#[test]
fn conditions_of_a_key_are_honoured() {
    let door = TestDoor::open();
    let enters = |name: &str, options: &str| {
        let key = door.add_key(name, "ed25519", options);
        door.ssh_as("dokku", &key, &[]).arg("true").output().unwrap().status.success()
    };
    assert!(enters("here", "from=\"127.0.0.0/8\""));
    assert!(!enters("elsewhere", "from=\"192.0.2.0/24\""));
    assert!(!enters("expired", "expiry-time=\"20200101\""));
    assert!(enters("valid", "expiry-time=\"29990101\",restrict"));
}

#[test]
fn a_restricted_key_gets_no_terminal() {
    let door = TestDoor::open();
    let restricted = door.add_key("restricted", "ed25519", "restrict");
    let terminal = |key| text(&door.ssh_as("dokku", key, &["-tt"]).arg("tty").output().unwrap().stdout);
    assert!(!terminal(&restricted).contains("/dev/pts/"));
    assert!(terminal(&door.key("admin")).contains("/dev/pts/"));
}

#[test]
fn a_line_with_an_unknown_option_lets_nobody_in() {
    let door = TestDoor::open();
    let file = door.folder.path().join(".ssh/authorized_keys");
    let changed = std::fs::read_to_string(&file).unwrap().replace("no-user-rc", "no-such-thing");
    std::fs::write(&file, changed).unwrap();
    assert_eq!(door.run("true").status.code(), Some(255));
}

#[test]
fn after_six_keys_it_is_enough() {
    let door = TestDoor::open();
    let mut options = Vec::new();
    for number in 0..6 {
        let key = door.make_key(&format!("wrong{number}"), "ed25519");
        options.extend(["-i".to_owned(), key.display().to_string()]);
    }
    let right = ["-i".to_owned(), door.key("admin").display().to_string()];
    let try_with = |options: &[String]| {
        let words: Vec<&str> = options.iter().map(String::as_str).collect();
        let first = door.key("wrong0");
        door.ssh_as("dokku", &first, &words[2..]).arg("echo in").output().unwrap()
    };
    let five_wrong: Vec<String> = options[..10].iter().cloned().chain(right.clone()).collect();
    assert_eq!(text(&try_with(&five_wrong).stdout), "in\n");
    let six_wrong: Vec<String> = options.iter().cloned().chain(right).collect();
    let refused = try_with(&six_wrong);
    assert!(text(&refused.stderr).contains("Too many authentication"), "{}", text(&refused.stderr));
}

#[test]
fn forwarding_and_subsystems_are_refused() {
    let door = TestDoor::open();
    let output =
        door.ssh(&["-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:9"]).arg("echo in").output().unwrap();
    assert_ne!(text(&output.stdout), "in\n");
    let output = door.ssh(&["-W", "127.0.0.1:9", "-o", "LogLevel=INFO"]).output().unwrap();
    assert!(text(&output.stderr).contains("forwarding failed"), "{}", text(&output.stderr));
    let output = door.ssh(&["-s"]).arg("sftp").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("file transfer"), "{}", text(&output.stderr));
    let output = door.ssh(&["-A"]).arg("echo ${SSH_AUTH_SOCK:-none}").output().unwrap();
    assert_eq!(text(&output.stdout), "none\n");
}

//! The process of a session: it becomes another user before it is anything else.

use std::os::unix::process::CommandExt;
use std::process::{Command, Output, Stdio};

use crate::ssh::door::text;

fn session(words: &[&str], env: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dokku"));
    command.arg0("dokku-session").args(words).env_clear().envs(env.iter().copied()).stdin(Stdio::null());
    command.output().unwrap()
}

fn is_root() -> bool {
    let is_root = nix::unistd::geteuid().is_root();
    if !is_root {
        println!("SKIPPED: only root can become somebody else");
    }
    is_root
}

#[test]
fn it_runs_the_command_that_came_over_ssh() {
    if !is_root() {
        return;
    }
    let env = [("DOKKU_SYSTEM_USER", "nobody"), ("HOME", "/"), ("SSH_ORIGINAL_COMMAND", "no:such 'a b'")];
    let output = session(&["pipes"], &env);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).contains("`no:such a b` is not a dokku command"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn a_command_with_a_quote_that_does_not_end_is_refused() {
    if !is_root() {
        return;
    }
    let env = [("DOKKU_SYSTEM_USER", "nobody"), ("HOME", "/"), ("SSH_ORIGINAL_COMMAND", "config:set a 'b")];
    let output = session(&["pipes"], &env);
    assert!(text(&output.stderr).contains("unmatched single quote"), "{}", text(&output.stderr));
}

#[test]
fn without_its_user_it_does_nothing() {
    if !is_root() {
        return;
    }
    let env = [("DOKKU_SYSTEM_USER", "no-such-user"), ("SSH_ORIGINAL_COMMAND", "help")];
    let output = session(&["pipes"], &env);
    assert!(!output.status.success());
    assert_eq!(text(&output.stdout), "");
}

#[test]
fn nobody_but_the_server_starts_it() {
    let output = session(&[], &[("SSH_ORIGINAL_COMMAND", "help")]);
    assert!(text(&output.stderr).contains("started by the server only"), "{}", text(&output.stderr));
}

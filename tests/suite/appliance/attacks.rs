//! Names that are not names. None of them is removed from here once it was closed.

use crate::support::{Appliance, Repository};

fn evil_names() -> Vec<String> {
    let mut names: Vec<String> = [
        "..",
        "../../etc",
        "a/../../b",
        "a/b",
        ".hidden",
        "-rf",
        "--help",
        "UPPER",
        "a b",
        "a;id",
        "$(id)",
        "`id`",
        "a'b",
        "a\"b",
        "a\nb",
        "a%2fb",
        "ENV",
    ]
    .map(str::to_owned)
    .to_vec();
    names.push("x".repeat(300));
    names
}

#[test]
fn a_push_to_a_name_that_is_none_is_refused_and_leaves_nothing() {
    let Some(dokku) = Appliance::start() else { return };
    let repository = Repository::of("hello");
    let before = dokku.inside(&["ls", "-A", "/home/dokku"]).ok();
    for name in evil_names().iter().filter(|name| !name.starts_with("--")) {
        let ran = dokku.push(&repository, name).fails();
        assert!(!ran.text().contains("panicked") && !ran.text().contains("uid="), "{name:?}: {ran}");
    }
    let after = dokku.inside(&["ls", "-A", "/home/dokku"]).ok();
    assert_eq!(before.out, after.out);
    dokku.health().ok();
}

#[test]
fn a_command_with_a_name_that_is_none_is_refused() {
    let Some(dokku) = Appliance::start() else { return };
    for name in evil_names() {
        let quoted = format!("'{}'", name.replace('\'', "'\\''"));
        for command in ["apps:create", "apps:destroy --force", "config:show", "ps:report", "git:report"] {
            let ran = dokku.ssh(&[command, &quoted]);
            assert!(
                !ran.text().contains("panicked") && !ran.text().contains("uid="),
                "{command} {name:?}: {ran}"
            );
            assert!(ran.status != 0 || name == "--help", "{command} {name:?}: {ran}");
        }
    }
    dokku.inside(&["test", "-d", "/home/dokku/.ssh"]).ok();
}

#[test]
fn a_name_of_nobody_reaches_nobodys_app() {
    let Some(dokku) = Appliance::start() else { return };
    let (app, repository) = (dokku.app("only"), Repository::of("hello"));
    dokku.push(&repository, &app).ok();
    dokku.wait_page(&app, "pushed with git");
    for name in ["nobody", "..", "127.0.0.1", ""] {
        let answer = dokku.get(name, "/");
        assert!(!answer.as_ref().is_ok_and(|page| page.status == 200), "{name:?}: {answer:?}");
    }
}

#[test]
fn a_session_reaches_no_shell_but_dokku() {
    let Some(dokku) = Appliance::start() else { return };
    for line in [
        "bash",
        "sh -c id",
        "apps:list; id",
        "apps:list && id",
        "apps:list | id",
        "$(id)",
        "`id`",
        "git-upload-pack '/etc'",
        "git-upload-pack '../../etc'",
        "git-receive-pack '/'",
        "scp -t /tmp",
        "sftp",
        "rsync --server .",
    ] {
        let ran = dokku.ssh(&[line]);
        assert!(!ran.text().contains("uid="), "{line}: {ran}");
        assert!(!ran.text().contains("panicked"), "{line}: {ran}");
    }
}

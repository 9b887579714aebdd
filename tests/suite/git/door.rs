//! The server side as a program: `git push --receive-pack=DOOR` starts this very test binary again.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Command, Stdio};

use dokku::platform::docker::EntryKind;
use dokku::platform::git::{
    Limits, Progress, Protocol, Push, ReceiveOptions, Receiver, Repository, Verdict, receive_pack,
    upload_archive, upload_pack,
};
use dokku::platform::source::{CommitSource, Source};

/// Decides as the environment says: `DOOR_HOOK` is a shell script that gets what a pre-receive hook gets.
pub struct ByHook;

impl Receiver for ByHook {
    fn decide(&mut self, push: &Push<'_>, band: &Progress) -> Vec<Verdict> {
        if std::env::var_os("DOOR_EXTRACT").is_some() {
            extract(push, band);
        }
        let Ok(script) = std::env::var("DOOR_HOOK") else {
            return vec![Verdict::Accept; push.updates.len()];
        };
        let mut child = Command::new("sh")
            .args(["-c", &format!("exec 2>&1\n{script}")])
            .current_dir(push.repository.folder())
            .env("GIT_DIR", ".")
            .envs(push.environment())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("sh starts");
        let mut stdin = child.stdin.take().expect("piped");
        for update in &push.updates {
            let shown =
                |id: Option<dokku::platform::git::ObjectId>| id.map_or("0".repeat(40), |id| id.to_string());
            // A script that does not read is fine.
            let _ = writeln!(stdin, "{} {} {}", shown(update.old), shown(update.new), update.name);
        }
        drop(stdin);
        let mut stdout = child.stdout.take().expect("piped");
        std::io::copy(&mut stdout, &mut band.clone()).expect("copied");
        let verdict = if child.wait().expect("ended").success() {
            Verdict::Accept
        } else {
            Verdict::Refuse("the hook said no".to_owned())
        };
        vec![verdict; push.updates.len()]
    }
}

/// Reads all files of the pushed commit as a build would, and tells the client how much memory that took.
fn extract(push: &Push<'_>, band: &Progress) {
    let new = push.updates[0].new.expect("a commit was pushed");
    let commit = push.commit_info(&new).expect("readable");
    let context = CommitSource::new(push.tree(&commit.id).expect("a tree"), commit.time).context();
    let mut bytes = 0;
    for entry in context.entries().expect("listed") {
        if matches!(entry.kind, EntryKind::File { .. }) {
            let mut content = context.open(&entry).expect("there");
            let read = std::io::copy(&mut content, &mut std::io::sink()).expect("readable");
            assert_eq!(read, entry.size, "{}", entry.path);
            bytes += read;
        }
    }
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a line");
    writeln!(band.clone(), "extracted {bytes} bytes, peak {}", peak.trim()).expect("the client listens");
}

/// Not a test but the program behind the door: does nothing unless it was started as one.
#[test]
fn serve() {
    let Ok(folder) = std::env::var("DOOR_REPOSITORY") else { return };
    let repository = match Repository::open(folder.as_ref()) {
        Ok(repository) => repository,
        Err(fault) => panic!("{fault}"),
    };
    let mut input = File::open("/proc/self/fd/3").expect("the door gives the client's bytes as 3");
    let output = File::options().write(true).open("/proc/self/fd/4").expect("and takes ours as 4");
    let protocol = Protocol::from_variable(&std::env::var("GIT_PROTOCOL").unwrap_or_default());
    let mut limits = Limits::default();
    if let Ok(bytes) = std::env::var("DOOR_LIMIT") {
        limits.pack_bytes = bytes.parse().expect("a number");
        limits.pack_bytes_hint = Some("raise it with git:set max-push-size".to_owned());
    }
    let deploy_ref = std::env::var("DOOR_DEPLOY_REF").ok();
    let input: &mut dyn Read = &mut input;
    match std::env::var("DOOR_SERVICE").as_deref() {
        Ok("receive") => {
            let options = ReceiveOptions { deploy_ref, limits, protocol };
            let _ = receive_pack(input, Box::new(output), &repository, &options, &mut ByHook);
        }
        Ok("upload") => {
            let _ = upload_pack(input, Box::new(output), &repository, protocol);
        }
        Ok("archive") => {
            let _ = upload_archive(input, Box::new(output), &repository);
        }
        other => panic!("no such service: {other:?}"),
    }
}

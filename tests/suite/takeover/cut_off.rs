//! A kill at any moment loses nothing: the next start goes on.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use dokku::store::Layout;

use super::volume;

fn take_over(layout: &Layout) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dokku"));
    command
        .arg("take-over")
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("SSH_USER", "root")
        .env("DOKKU_ROOT", &layout.root)
        .env("DOKKU_LIB_PATH", &layout.lib)
        .env("DOKKU_LOGS_DIR", &layout.logs)
        .env("DOKKU_RUN_DIR", &layout.run)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// What is on the volume, but for when it was noted, and when a folder was made.
fn state(layout: &Layout) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (path, (_, text)) in volume::files(layout) {
        // The second says for whom mounts were found, which a run that was cut off may have done.
        if path.ends_with("created-at") || path.ends_with("legacy-mounts-migrated") {
            continue;
        }
        let mut lines: Vec<&str> = text.lines().collect();
        if path.ends_with("taken-over.log") {
            lines = lines.iter().filter_map(|line| line.split_once(' ')).map(|(_, what)| what).collect();
            lines.sort_unstable();
        }
        all.push((path, lines.join("\n")));
    }
    all
}

#[test]
fn a_takeover_that_is_killed_again_and_again_comes_to_the_same() {
    let whole = tempfile::tempdir().expect("a temporary folder");
    let layout = Layout::below(whole.path());
    volume::plant(&layout, "0.20");
    let began = Instant::now();
    assert!(take_over(&layout).status().expect("started").success());
    let takes = began.elapsed();
    let wanted = state(&layout);
    assert!(layout.is_taken_over().exists());
    for part in 1..=40u32 {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::below(folder.path());
        volume::plant(&layout, "0.20");
        // Later each time, up to somewhat beyond its end.
        for times in 1..=3u32 {
            let mut child = take_over(&layout).spawn().expect("started");
            std::thread::sleep(takes.mul_f64(f64::from(part * times) / 60.0) + Duration::from_micros(100));
            child.kill().ok();
            child.wait().expect("ended");
        }
        assert!(take_over(&layout).status().expect("started").success());
        let found = state(&layout);
        for (found, wanted) in found.iter().zip(&wanted) {
            assert_eq!(found, wanted, "killed at {part}");
        }
        assert_eq!(found.len(), wanted.len());
    }
}

//! Kills at any step of a real deploy, three of them picked by chance; `tests/suite/deploy/kill.rs` does
//! them all on the engine in memory. The seed is printed; DOKKU_TEST_SEED repeats its picks.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use dokku::deploy::Step;

use crate::support::appliance::docker;
use crate::support::shell::timed;
use crate::support::wait::until_true;
use crate::support::{Appliance, Repository};

/// What is killed.
#[derive(Clone, Copy, Debug)]
enum Victim {
    Container,
    Serve,
    Command,
    Nginx,
}

impl Victim {
    const ALL: [Victim; 4] = [Victim::Container, Victim::Serve, Victim::Command, Victim::Nginx];

    /// How a shell inside the container finds it; none for the container itself.
    fn processes(self) -> Option<&'static str> {
        match self {
            Victim::Container => None,
            Victim::Serve => Some("pgrep -xf 'dokku serve'"),
            Victim::Command => Some("pgrep -f dokku-session"),
            Victim::Nginx => Some("pgrep nginx"),
        }
    }
}

fn seed() -> u64 {
    let given = std::env::var("DOKKU_TEST_SEED").ok().and_then(|text| text.parse().ok());
    let seed = given.unwrap_or_else(|| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970");
        now.as_secs() % 1_000_000
    });
    // Past the harness, which keeps what a passing test prints.
    let _ = writeln!(std::io::stderr(), "kill picks: DOKKU_TEST_SEED={seed}");
    seed
}

/// Numbers that follow from the seed alone (splitmix64).
fn picks(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |below| {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let below = u64::try_from(below).expect("small");
        usize::try_from((mixed ^ (mixed >> 31)) % below).expect("small")
    }
}

/// Something that kills at a word: started beforehand, so that no time passes in between.
struct Trap {
    victim: Victim,
    name: String,
    shell: Option<Child>,
}

impl Trap {
    fn set(dokku: &Appliance, victim: Victim) -> Self {
        let name = dokku.name();
        let shell = victim.processes().map(|find| {
            let script = format!("read go; kill -9 $({find})");
            let client = std::env::var("DOCKER").unwrap_or_else(|_| "docker".into());
            let words = [client.as_str(), "exec", "-i", &name, "sh", "-c", &script];
            timed(120, &words, &[]).stdin(Stdio::piped()).spawn().expect("docker starts")
        });
        Trap { victim, name, shell }
    }

    fn spring(self) {
        match self.shell {
            None => drop(docker(&["kill", "-s", "KILL", &self.name]).ok()),
            Some(mut shell) => {
                let written = shell.stdin.take().expect("it is piped").write_all(b"go\n");
                written.expect("the shell waits");
                // A command process may have ended in this moment; all others are there.
                let ended = shell.wait().expect("it ends");
                assert!(
                    ended.success() || matches!(self.victim, Victim::Command),
                    "{:?}: {ended}",
                    self.victim
                );
            }
        }
    }
}

/// Pushes, and kills the victim when the deploy begins the step. What the client had seen until it ended.
fn push_killed_at(
    dokku: &Appliance,
    repository: &Repository,
    app: &str,
    step: Step,
    victim: Victim,
) -> String {
    let trap = Trap::set(dokku, victim);
    let mut client = dokku.git_started(repository, &["push", "--force", &dokku.url(app), "main"]);
    let mut seen = String::new();
    let mut lines = BufReader::new(client.stderr.take().expect("it is piped"));
    let word = format!("deploy step: {}", step.name());
    while !seen.contains(&word) {
        let read = lines.read_line(&mut seen).expect("git writes text");
        assert!(read > 0, "the push ended before the step {}:\n{seen}", step.name());
    }
    trap.spring();
    let mut rest = Vec::new();
    lines.read_to_end(&mut rest).expect("it ends");
    client.wait().expect("it ended");
    seen + &String::from_utf8_lossy(&rest)
}

#[test]
fn three_kills_picked_by_chance_lose_nothing() {
    let Some(dokku) = Appliance::start() else { return };
    let (app, repository) = (dokku.app("picked"), Repository::of("hello"));
    // Or else some steps are left out.
    repository.write("Procfile", "web: httpd -f -p 5000 -h /www\nrelease: touch /released\n");
    repository
        .write("app.json", r#"{"scripts":{"dokku":{"predeploy":"touch /kept","postdeploy":"touch /done"}}}"#);
    repository.commit("with tasks");
    dokku.dokku(&["apps:create", &app]).ok();
    dokku.dokku(&["config:set", &app, "DOKKU_APP_SHELL=/bin/sh"]).ok();
    dokku.push(&repository, &app).ok();
    dokku.wait_page(&app, "pushed with git");
    // Steps are told only then.
    dokku.dokku(&["trace:on"]).ok();
    let mut pick = picks(seed());
    for number in 1..=3 {
        let steps: Vec<Step> = Step::of_a_push().collect();
        let step = steps[pick(steps.len())];
        let victim = Victim::ALL[pick(Victim::ALL.len())];
        let what = format!("{victim:?} killed at {}", step.name());
        let before = repository.revision("HEAD");
        repository.write("www/index.html", &format!("edition {number}")).commit(&what);
        let seen = push_killed_at(&dokku, &repository, &app, step, victim);

        // The next start, whatever was killed.
        docker(&["restart", "-t", "5", &dokku.name()]).ok();
        dokku.wait_healthy();
        until_true(30, &format!("a release answers ({what})\n{seen}"), || {
            dokku.get(&app, "/").is_ok_and(|answer| answer.status == 200)
        });
        let tips = dokku.tips(&app);
        assert!(tips == [before] || tips == [repository.revision("HEAD")], "{what}: {tips:?}\n{seen}");
        assert_clean(&dokku, &app, &what);

        repository.write("www/index.html", &format!("after {number}")).commit("again");
        dokku.git(&repository, &["push", "--force", &dokku.url(&app), "main"]).ok();
        dokku.wait_page(&app, &format!("after {number}"));
        assert_clean(&dokku, &app, &what);
    }
}

/// One container, no image without a name, no lock of a dead process, no deploy that still runs.
#[track_caller]
fn assert_clean(dokku: &Appliance, app: &str, what: &str) {
    until_true(60, &format!("one container is left ({what}): {:?}", dokku.containers(app)), || {
        dokku.containers(app) == [format!("{app}.web.1")]
    });
    let label = format!("label=com.dokku.app-name={app}");
    until_true(60, &format!("no image is left without a name ({what})"), || {
        let images = docker(&["images", "-q", "--filter", &label, "--filter", "dangling=true"]).ok();
        images.out.is_empty()
    });
    let find = format!(
        "find /home/dokku/{app} -name '*.lock' ! -name dokku-git.lock; find /mnt/dokku -name intent.json -path '*/{app}/*'"
    );
    assert_eq!(dokku.inside(&["sh", "-c", &find]).ok().out, "", "{what}");
    assert!(!dokku.dokku(&["builds:list", app]).ok().out.contains("running"), "{what}");
}

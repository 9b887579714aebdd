//! Clones and fetches by the real git, in every protocol.

use super::sandbox::Sandbox;

const PROTOCOLS: [&str; 3] = ["0", "1", "2"];

/// `git -c protocol.version=V …` with our door as the other side.
fn git(sandbox: &Sandbox, protocol: &str, arguments: &[&str]) -> String {
    let version = format!("protocol.version={protocol}");
    let door = sandbox.path("upload-door");
    let door = format!("--upload-pack={}", door.display());
    let mut all = vec!["-c", version.as_str()];
    for word in arguments {
        all.push(word);
        if ["clone", "fetch", "ls-remote"].contains(word) {
            all.push(&door);
        }
    }
    let said = sandbox.run("git", &all, &[]);
    assert!(said.ok, "v{protocol} {arguments:?}: {}", said.text);
    said.text
}

/// A server with some history, tags and a second branch.
fn served() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.history(12);
    sandbox.git("c", &["tag", "-a", "-m", "words", "v1", "main~4"]);
    sandbox.git("c", &["branch", "side", "main~2"]);
    assert!(sandbox.push(&["main", "side", "v1"]).ok);
    sandbox
}

fn url(sandbox: &Sandbox) -> String {
    sandbox.path("s.git").display().to_string()
}

#[test]
fn a_clone_is_whole_and_on_the_right_branch() {
    let sandbox = served();
    for protocol in PROTOCOLS {
        let to = format!("clone{protocol}");
        git(&sandbox, protocol, &["clone", "-q", "--no-local", &url(&sandbox), &to]);
        sandbox.assert_fsck(&to);
        assert_eq!(sandbox.rev(&to, "HEAD"), sandbox.rev("c", "main"));
        assert_eq!(sandbox.git(&to, &["symbolic-ref", "HEAD"]), "refs/heads/main");
        assert_eq!(sandbox.rev(&to, "v1"), sandbox.rev("c", "v1"));
        assert_eq!(sandbox.rev(&to, "origin/side"), sandbox.rev("c", "side"));
    }
}

#[test]
fn fetches_bring_only_what_is_new() {
    let sandbox = served();
    for protocol in PROTOCOLS {
        let to = format!("clone{protocol}");
        git(&sandbox, protocol, &["clone", "-q", "--no-local", &url(&sandbox), &to]);
    }
    for number in 0..4 {
        sandbox.commit(&format!("new{number}.txt"), &format!("new {number}\n"));
    }
    sandbox.git("c", &["tag", "-a", "-m", "words", "v2"]);
    assert!(sandbox.push(&["main", "v2"]).ok);
    for protocol in PROTOCOLS {
        let to = format!("clone{protocol}");
        sandbox.commit_in(&to, "mine.txt", "only here");
        let counted = |sandbox: &Sandbox| -> usize {
            let text = sandbox.git(&to, &["count-objects", "-v"]);
            let number = |key: &str| {
                let line = text.lines().find_map(|line| line.strip_prefix(key)).unwrap_or("0");
                line.trim().parse::<usize>().expect("a number")
            };
            number("in-pack:") + number("count:")
        };
        let before = counted(&sandbox);
        git(&sandbox, protocol, &["-C", &to, "fetch", "-q", &url(&sandbox), "main:refs/remotes/origin/main"]);
        assert_eq!(sandbox.rev(&to, "origin/main"), sandbox.rev("c", "main"), "v{protocol}");
        assert_eq!(sandbox.rev(&to, "v2"), sandbox.rev("c", "v2"), "tags come along, v{protocol}");
        sandbox.assert_fsck(&to);
        let all = sandbox.git("c", &["rev-list", "--objects", "main", "v2"]).lines().count();
        assert!(counted(&sandbox) < before + all / 2, "v{protocol}: not all again");
    }
}

#[test]
fn shallow_clones_deepen_and_become_whole() {
    let sandbox = served();
    for protocol in PROTOCOLS {
        let to = format!("shallow{protocol}");
        git(&sandbox, protocol, &["clone", "-q", "--no-local", "--depth=2", &url(&sandbox), &to]);
        assert_eq!(sandbox.git(&to, &["rev-list", "--count", "HEAD"]), "2", "v{protocol}");
        sandbox.assert_fsck(&to);
        git(&sandbox, protocol, &["-C", &to, "fetch", "-q", "--depth=5", &url(&sandbox), "main"]);
        assert_eq!(sandbox.git(&to, &["rev-list", "--count", "HEAD"]), "5", "v{protocol}");
        git(&sandbox, protocol, &["-C", &to, "fetch", "-q", "--unshallow", &url(&sandbox), "main"]);
        assert_eq!(sandbox.git(&to, &["rev-list", "--count", "HEAD"]), "12", "v{protocol}");
        sandbox.assert_fsck(&to);
    }
}

#[test]
fn a_clone_without_blobs_fetches_them_later() {
    let sandbox = served();
    let url = format!("file://{}", url(&sandbox));
    git(&sandbox, "2", &["clone", "-q", "--no-checkout", "--filter=blob:none", &url, "partial"]);
    let list = sandbox.git("partial", &["rev-list", "--objects", "--missing=print", "HEAD"]);
    assert!(list.lines().any(|line| line.starts_with('?')), "blobs are missing");
    let door = sandbox.path("upload-door").display().to_string();
    sandbox.git("partial", &["config", "remote.origin.uploadpack", &door]);
    sandbox.git("partial", &["checkout", "-q", "main"]);
    let text = std::fs::read_to_string(sandbox.path("partial/d0/f0.txt")).expect("there");
    assert_eq!(text, std::fs::read_to_string(sandbox.path("c/d0/f0.txt")).expect("there"));
}

#[test]
fn references_are_listed_as_git_lists_them() {
    let sandbox = served();
    let expected = sandbox.run("git", &["ls-remote", &url(&sandbox)], &[]).text;
    for protocol in PROTOCOLS {
        assert_eq!(git(&sandbox, protocol, &["ls-remote", &url(&sandbox)]), expected, "v{protocol}");
        assert!(
            git(&sandbox, protocol, &["ls-remote", "--symref", &url(&sandbox), "HEAD"])
                .contains("ref: refs/heads/main")
        );
    }
}

#[test]
fn an_empty_repository_can_be_cloned_and_pushed_to() {
    let sandbox = Sandbox::new();
    for protocol in PROTOCOLS {
        let to = format!("empty{protocol}");
        git(&sandbox, protocol, &["clone", "-q", "--no-local", &url(&sandbox), &to]);
    }
    assert_eq!(sandbox.git("empty2", &["symbolic-ref", "HEAD"]), "refs/heads/main");
}

#[test]
fn repositories_named_by_sha256_are_served() {
    let sandbox = Sandbox::of_format("sha256");
    sandbox.history(4);
    assert!(sandbox.push(&["main"]).ok);
    for protocol in PROTOCOLS {
        let to = format!("clone{protocol}");
        git(&sandbox, protocol, &["clone", "-q", "--no-local", &url(&sandbox), &to]);
        sandbox.assert_fsck(&to);
    }
}

#[test]
fn what_is_not_offered_is_refused_in_words() {
    let sandbox = served();
    let door = format!("--upload-pack={}", sandbox.path("upload-door").display());
    let ghost = "1".repeat(40);
    for protocol in ["protocol.version=0", "protocol.version=2"] {
        let said =
            sandbox.run("git", &["-C", "c", "-c", protocol, "fetch", &door, &url(&sandbox), &ghost], &[]);
        assert!(!said.ok, "{}", said.text);
        let since =
            ["-C", "c", "-c", protocol, "fetch", "--shallow-since=2001-01-01", &door, &url(&sandbox), "main"];
        let said = sandbox.run("git", &since, &[]);
        assert!(!said.ok, "{}", said.text);
    }
}

#[test]
fn an_archive_is_the_tree() {
    let sandbox = served();
    let door = format!("--exec={}", sandbox.path("archive-door").display());
    let remote = format!("--remote={}", url(&sandbox));
    let archive = |arguments: &[&str]| {
        let all = [&["archive", "-o", "out.tar", &remote, &door], arguments].concat();
        let said = sandbox.run("git", &all, &[]);
        (said.ok, said.text)
    };
    assert_eq!(archive(&["--format=tar", "--prefix=p/", "main"]), (true, String::new()));
    let listed = sandbox.run("tar", &["tf", "out.tar"], &[]).text;
    assert!(listed.contains("p/d0/f0.txt\n"), "{listed}");
    let said = sandbox.run("tar", &["xf", "out.tar"], &[]);
    assert!(said.ok, "{}", said.text);
    let text = std::fs::read_to_string(sandbox.path("p/d1/f1.txt")).expect("there");
    assert_eq!(text, std::fs::read_to_string(sandbox.path("c/d1/f1.txt")).expect("there"));
    let (ok, text) = archive(&["nope"]);
    assert!(!ok && text.contains("there is no revision nope"), "{text}");
}

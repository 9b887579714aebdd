//! Trees read from the object database say what `git` says, in whatever form git stored them.

use std::collections::BTreeMap;
use std::io::{self, Write};

use dokku::platform::git::{FileKind, Next, Progress, Push, ReceiveOptions, Receiver, Verdict};

use dokku::platform::source::{CommitSource, Source};

use super::sandbox::{Sandbox, ZERO, request};

/// `kind object-id path` of each path, as `git ls-tree -r -t` prints it.
fn listed(sandbox: &Sandbox) -> Vec<String> {
    let repository = sandbox.repository();
    let main = repository.resolve("main").expect("readable").expect("there");
    let mut lines = Vec::new();
    repository
        .tree(&main)
        .expect("a tree")
        .walk(&mut |found| {
            let mode = match found.kind {
                FileKind::Folder => "040000 tree",
                FileKind::File => "100644 blob",
                FileKind::Executable => "100755 blob",
                FileKind::Symlink => "120000 blob",
                FileKind::Submodule => "160000 commit",
            };
            lines.push(format!("{mode} {}\t{}", found.id, found.path.display()));
            Ok(Next::Enter)
        })
        .expect("walked");
    lines
}

fn assert_as_git_says(sandbox: &Sandbox) {
    let expected = sandbox.git("s.git", &["ls-tree", "-r", "-t", "main"]);
    assert_eq!(listed(sandbox), expected.lines().collect::<Vec<_>>());
    let repository = sandbox.repository();
    let main = repository.resolve("main").expect("readable").expect("there");
    let tree = repository.tree(&main).expect("a tree");
    let check = &mut |found: &dokku::platform::git::Found<'_>| {
        if matches!(found.kind, FileKind::File | FileKind::Executable | FileKind::Symlink) {
            let content = found.read().expect("readable");
            let expected = sandbox.pipe("s.git", &["cat-file", "blob", &found.id.to_string()], b"");
            assert!(content == expected, "{}", found.path.display());
            assert_eq!(found.size().expect("known"), expected.len() as u64);
        }
        Ok(Next::Enter)
    };
    tree.walk(check).expect("walked");
}

fn with_every_kind() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.history(9);
    std::os::unix::fs::symlink("../elsewhere", sandbox.path("c/link")).expect("made");
    sandbox.commit("bin/run", "#!/bin/sh\n");
    sandbox.git("c", &["update-index", "--chmod=+x", "bin/run"]);
    let link = format!("160000,{},sub", "12".repeat(20));
    sandbox.git("c", &["update-index", "--add", "--cacheinfo", &link]);
    sandbox.git("c", &["commit", "-q", "-m", "kinds"]);
    let said = sandbox.push(&["main"]);
    assert!(said.ok, "{}", said.text);
    sandbox
}

#[test]
fn a_walk_says_what_git_says_packed_loose_and_repacked() {
    let sandbox = with_every_kind();
    assert_as_git_says(&sandbox);
    sandbox.git("s.git", &["repack", "-adfq", "--depth=50"]);
    assert_as_git_says(&sandbox);
    let pack = std::fs::read_dir(sandbox.path("s.git/objects/pack")).expect("there").flatten();
    let pack = pack.map(|entry| entry.path()).find(|path| path.extension().is_some_and(|ext| ext == "pack"));
    let bytes = std::fs::read(pack.expect("one pack")).expect("readable");
    sandbox.server("loose.git", "sha1");
    sandbox.pipe("loose.git", &["unpack-objects", "-q"], &bytes);
    let main = sandbox.rev("s.git", "main");
    sandbox.git("loose.git", &["update-ref", "refs/heads/main", &main]);
    std::fs::rename(sandbox.path("s.git"), sandbox.path("packed.git")).expect("renamed");
    std::fs::rename(sandbox.path("loose.git"), sandbox.path("s.git")).expect("renamed");
    assert_as_git_says(&sandbox);
}

#[test]
fn large_files_stored_as_differences_come_out_whole() {
    let sandbox = Sandbox::new();
    let mut random = super::fuzz::Random(11);
    let text: String = (0..400_000).map(|_| format!("{:016x}\n", random.next())).collect();
    sandbox.commit("large.txt", &text);
    let changed = text.replacen("0\n", "zero\n", 3) + "an end\n";
    sandbox.commit("large.txt", &changed);
    sandbox.commit("copy.txt", &text);
    assert!(sandbox.push(&["main"]).ok);
    sandbox.git("s.git", &["repack", "-adfq"]);
    assert_as_git_says(&sandbox);
}

#[test]
fn paths_are_looked_up_and_folders_can_be_roots() {
    let sandbox = with_every_kind();
    let repository = sandbox.repository();
    let main = repository.resolve("main").expect("readable").expect("there");
    let tree = repository.tree(&main).expect("a tree");
    let kind = |path: &str| tree.kind(path).expect("readable");
    assert_eq!(kind("bin/run"), Some(FileKind::Executable));
    assert_eq!(kind("./bin//run"), Some(FileKind::Executable));
    assert_eq!(kind("link"), Some(FileKind::Symlink));
    assert_eq!(kind("sub"), Some(FileKind::Submodule));
    assert_eq!(kind("d0"), Some(FileKind::Folder));
    for nothing in ["nope", "bin/run/more", "../etc/passwd", "d0/../bin"] {
        assert_eq!(kind(nothing), None, "{nothing}");
    }
    let bin = tree.below("bin").expect("readable").expect("a folder");
    assert_eq!(bin.read_file("run", 100).expect("readable").as_deref(), Some(&b"#!/bin/sh\n"[..]));
    assert!(bin.read_file("run", 3).expect_err("too large").message.contains("more than the 3"));
    assert!(tree.below("link").expect("readable").is_none());
    assert!(tree.has_file("bin/run").expect("readable") && !tree.has_file("bin").expect("readable"));

    let mut names = Vec::new();
    tree.walk(&mut |found| {
        names.push(found.path.display().to_string());
        Ok(if found.path.starts_with("d0") { Next::Skip } else { Next::Enter })
    })
    .expect("walked");
    assert!(names.contains(&"d0".to_owned()) && !names.iter().any(|name| name.starts_with("d0/")));
    assert!(names.iter().any(|name| name.starts_with("d1/")));
}

/// The process that receives a push is the one that hands its files to the build.
#[test]
fn a_tree_of_two_gigabytes_is_received_and_extracted_in_64_mebibytes() {
    const LARGE: u64 = 300 << 20;
    const SMALL: usize = 190;
    let sandbox = Sandbox::new();
    // Neither side of the client's git need hold the large file in memory, or look for differences in it.
    sandbox.git("c", &["config", "core.bigFileThreshold", "1m"]);
    std::fs::File::create(sandbox.path("c/large"))
        .and_then(|file| file.set_len(LARGE))
        .expect("a sparse file");
    let lines: String = (0..700_000).map(|number| format!("line {:07}\n", number % 5_000)).collect();
    sandbox.commit("many/0", &lines);
    let blob = sandbox.rev("c", "HEAD:many/0");
    let listed: String = (1..SMALL).map(|number| format!("100644 {blob}\tmany/{number}\n")).collect();
    sandbox.pipe("c", &["update-index", "--index-info"], listed.as_bytes());
    sandbox.git("c", &["commit", "-q", "-m", "the same many times"]);
    let expected = LARGE + u64::try_from(lines.len() * SMALL).expect("it fits");
    assert!(expected > 2_000_000_000, "{expected}");

    let said = sandbox.push_with("c", "s.git", &["main"], &[("DOOR_EXTRACT", "1")]);
    assert!(said.ok, "{}", said.text);
    let told = said.text.split_once("extracted ").expect("the door tells").1;
    let numbers: Vec<u64> = told.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    assert_eq!(numbers[0], expected, "{}", said.text);
    println!("{} kB at the peak", numbers[1]);
    assert!(numbers[1] < 64 << 10, "{} kB at the peak", numbers[1]);
}

#[test]
fn a_commit_with_submodules_is_no_build_context_and_names_them() {
    let sandbox = Sandbox::new();
    sandbox.history(1);
    for path in ["libs/one", "two"] {
        let link = format!("160000,{},{path}", "12".repeat(20));
        sandbox.git("c", &["update-index", "--add", "--cacheinfo", &link]);
    }
    sandbox.git("c", &["commit", "-q", "-m", "submodules"]);
    assert!(sandbox.push(&["main"]).ok);
    let repository = sandbox.repository();
    let main = repository.resolve("main").expect("readable").expect("there");
    let source = CommitSource::new(repository.tree(&main).expect("a tree"), 0);
    let fault = source.context().entries().expect_err("their files are not here");
    assert!(fault.message.ends_with("not part of the push: libs/one, two"), "{fault}");
    assert!(fault.hints.iter().any(|hint| hint.contains("git subtree")), "{fault:?}");
}

#[test]
fn a_commit_tells_about_itself() {
    let sandbox = with_every_kind();
    sandbox.git("c", &["tag", "-a", "-m", "words", "v1"]);
    assert!(sandbox.push(&["v1"]).ok);
    let repository = sandbox.repository();
    let tag = repository.resolve("v1").expect("readable").expect("there");
    let info = repository.commit_info(&tag).expect("a commit");
    assert_eq!(info.id.to_string(), sandbox.rev("c", "main"));
    assert_eq!(info.author, "a <a@example.com>");
    assert_eq!(info.subject, "kinds");
    assert_eq!(info.time.to_string(), sandbox.git("c", &["log", "-1", "--format=%ct"]));
    let parent = info.parents[0];
    assert!(repository.is_ancestor(&parent, &info.id).expect("walked"));
    assert!(!repository.is_ancestor(&info.id, &parent).expect("walked"));
    assert_eq!(repository.tree(&tag).expect("tags peel").id(), info.tree);
}

#[derive(Default)]
struct Reads {
    files: BTreeMap<String, u64>,
}

impl Receiver for Reads {
    fn decide(&mut self, push: &Push<'_>, _: &Progress) -> Vec<Verdict> {
        let new = push.updates[0].new.expect("not a deletion");
        let tree = push.tree(&new).expect("a tree");
        tree.walk(&mut |found| {
            let size = found.copy_to(&mut io::sink() as &mut dyn Write)?;
            self.files.insert(found.path.display().to_string(), size);
            Ok(Next::Enter)
        })
        .expect("walked");
        assert_eq!(push.commit_info(&new).expect("readable").subject, "change b/c.txt");
        vec![Verdict::Refuse("seen enough".to_owned())]
    }
}

#[test]
fn the_decision_reads_the_tree_from_quarantine() {
    let sandbox = Sandbox::new();
    sandbox.commit("a.txt", "12345");
    assert!(sandbox.push(&["main"]).ok);
    sandbox.commit("b/c.txt", "123");
    let tip = sandbox.rev("c", "main");
    let pack = sandbox.pack(&["--thin"], &["main", "^main~1"]);
    let mut reads = Reads::default();
    let bytes = request(&[(ZERO, &tip, "refs/heads/new")], &pack);
    let raw = sandbox.raw(&bytes, &ReceiveOptions::default(), &mut reads);
    assert!(raw.text.contains("ng refs/heads/new seen enough"), "{}", raw.text);
    let expected = [("a.txt", 5), ("b", 0), ("b/c.txt", 3)].map(|(name, size)| (name.to_owned(), size));
    assert_eq!(reads.files, BTreeMap::from(expected));
    sandbox.assert_sound();
}

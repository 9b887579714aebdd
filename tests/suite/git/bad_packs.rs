//! Packs that are cut, flipped, incomplete or made to hurt: each is refused, and nothing has changed.

use std::time::Duration;

use dokku::platform::git::{Limits, ReceiveOptions};

use super::door::ByHook;
use super::fuzz::sealed;
use super::sandbox::{Sandbox, ZERO, request};

/// A server with main, a client whose branch `work` is four commits ahead, and the pack of those.
fn ahead() -> (Sandbox, String, Vec<u8>) {
    let sandbox = Sandbox::new();
    sandbox.history(6);
    assert!(sandbox.push(&["main"]).ok);
    sandbox.git("c", &["checkout", "-q", "-b", "work"]);
    for number in 0..4 {
        sandbox.commit(
            &format!("w{number}.txt"),
            &(0..90).map(|line| format!("w {} {line}\n", line / 30)).collect::<String>(),
        );
    }
    let tip = sandbox.rev("c", "work");
    let pack = sandbox.pack(&["--delta-base-offset"], &["work", "^main"]);
    (sandbox, tip, pack)
}

fn refused(sandbox: &Sandbox, tip: &str, pack: &[u8], options: &ReceiveOptions) -> String {
    let before = sandbox.state();
    let raw = sandbox.raw(&request(&[(ZERO, tip, "refs/heads/work")], pack), options, &mut ByHook);
    let refusal = match &raw.outcome {
        Ok(received) => received.results[0].refusal.clone().expect("refused"),
        Err(why) => why.clone(),
    };
    assert_eq!(sandbox.state(), before, "nothing changed");
    sandbox.assert_sound();
    format!("{refusal}: {}", raw.text)
}

fn count_set(pack: &[u8], by: i64) -> Vec<u8> {
    let mut pack = pack[..pack.len() - 20].to_vec();
    let count = u32::from_be_bytes(pack[8..12].try_into().expect("four bytes"));
    let count = u32::try_from(i64::from(count) + by).expect("small");
    pack[8..12].copy_from_slice(&count.to_be_bytes());
    sealed(&pack)
}

#[test]
fn packs_that_are_not_what_they_say() {
    let (sandbox, tip, pack) = ahead();
    let flip = |at: usize| {
        let mut pack = pack.clone();
        pack[at] ^= 0x40;
        pack
    };
    let middle = pack.len() / 2;
    let cases = [
        ("a flipped byte", flip(middle), "corrupt"),
        ("a flipped byte, checksum repaired", sealed(&flip(middle)[..pack.len() - 20]), "corrupt"),
        ("cut in the middle", pack[..middle].to_vec(), "cut short"),
        ("cut in the checksum", pack[..pack.len() - 3].to_vec(), "cut short"),
        ("a wrong checksum", flip(pack.len() - 1), "checksum"),
        ("one object too many announced", count_set(&pack, 1), ""),
        ("one object too few announced", count_set(&pack, -1), ""),
        ("bytes behind the end", [&pack[..], b"more"].concat(), "more bytes"),
        ("no pack", b"hello, is this the pack you wanted?".to_vec(), "not a pack"),
        ("nothing", Vec::new(), "cut short"),
        ("a future version", [b"PACK\0\0\0\x09", &pack[8..]].concat(), "not a pack"),
    ];
    for (name, pack, wanted) in cases {
        let text = refused(&sandbox, &tip, &pack, &ReceiveOptions::default());
        assert!(text.contains("unpacker error") && text.contains(wanted), "{name}: {text}");
    }
    let raw = sandbox.raw(
        &request(&[(ZERO, &tip, "refs/heads/work")], &pack),
        &ReceiveOptions::default(),
        &mut ByHook,
    );
    assert!(raw.text.contains("unpack ok") && raw.text.contains("ok refs/heads/work"), "{}", raw.text);
    assert_eq!(sandbox.server_ref("work"), Some(tip));
    sandbox.assert_sound();
}

#[test]
fn packs_that_lack_something() {
    let (sandbox, tip, _) = ahead();
    let options = ReceiveOptions::default();
    let alone = sandbox.pipe("c", &["pack-objects", "--stdout", "-q"], format!("{tip}\n").as_bytes());
    let text = refused(&sandbox, &tip, &alone, &options);
    assert!(text.contains("missing") && text.contains("neither sent nor is it here"), "{text}");
    let text = refused(&sandbox, &tip, &sandbox.pack(&[], &["work", "^work~1"]), &options);
    assert!(text.contains("missing"), "{text}");
    // Thin against a commit that the server lacks.
    let change =
        std::fs::read_to_string(sandbox.path("c/w0.txt")).expect("there").replace("w 0 7\n", "new\n");
    let tip = sandbox.commit("w0.txt", &change);
    let thin = sandbox.pack(&["--thin"], &["work", "^work~1"]);
    let text = refused(&sandbox, &tip, &thin, &options);
    assert!(text.contains("missing"), "{text}");
}

#[test]
fn a_push_above_the_size_limit_is_told_how_to_raise_it() {
    let (sandbox, ..) = ahead();
    let before = sandbox.state();
    let said = sandbox.push_with("c", "s.git", &["work"], &[("DOOR_LIMIT", "400")]);
    assert!(!said.ok, "{}", said.text);
    assert!(said.text.contains("larger than the limit of 400 bytes"), "{}", said.text);
    assert!(said.text.contains("git:set max-push-size"), "{}", said.text);
    assert_eq!(sandbox.state(), before);
    sandbox.assert_sound();
}

#[test]
fn every_other_limit_holds() {
    let (sandbox, tip, pack) = ahead();
    let limits = Limits::default;
    let cases = [
        ("objects", Limits { objects: 3, ..limits() }),
        ("larger than the limit", Limits { object_bytes: 20, ..limits() }),
        ("unpacks to more", Limits { inflated_bytes: 10, inflation: 0, ..limits() }),
        ("points at more", Limits { links: 2, ..limits() }),
        ("chain", Limits { depth: 0, ..limits() }),
        ("within 0 seconds", Limits { resolve_time: Duration::ZERO, ..limits() }),
    ];
    for (wanted, limits) in cases {
        let text = refused(&sandbox, &tip, &pack, &ReceiveOptions { limits, ..ReceiveOptions::default() });
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
}

#[test]
fn trees_that_no_honest_client_makes() {
    let sandbox = Sandbox::new();
    sandbox.history(1);
    assert!(sandbox.push(&["main"]).ok);
    let store = |kind: &str, data: &[u8]| {
        let id = sandbox.pipe("c", &["hash-object", "-t", kind, "-w", "--stdin", "--literally"], data);
        String::from_utf8(id).expect("hex").trim().to_owned()
    };
    let bytes = |hex: &str| -> Vec<u8> {
        (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).expect("hex")).collect()
    };
    let blob = store("blob", b"x");
    let empty = store("tree", b"");
    let entry = |mode_and_name: &str, id: &str| [mode_and_name.as_bytes(), b"\0", &bytes(id)].concat();
    let trees = [
        entry("100644 .git", &blob),
        entry("40000 ..", &empty),
        entry("100644 a/b", &blob),
        [entry("100644 a", &blob), entry("100755 a", &blob)].concat(),
        [entry("100644 b", &blob), entry("100644 a", &blob)].concat(),
        entry("100644 a", &empty),
        entry("40000 a", &blob),
        b"100644 cut".to_vec(),
    ];
    for tree in trees {
        let shown = tree.escape_ascii().to_string();
        let tree = store("tree", &tree);
        let text = format!("tree {tree}\nauthor a <a@x> 1 +0000\ncommitter a <a@x> 1 +0000\n\nm\n");
        let tip = store("commit", text.as_bytes());
        let list = [&tip, &tree, &blob, &empty].map(|id| format!("{id}\n")).concat();
        let pack = sandbox.pipe("c", &["pack-objects", "--stdout", "-q"], list.as_bytes());
        let text = refused(&sandbox, &tip, &pack, &ReceiveOptions::default());
        assert!(text.contains("unpacker error"), "{shown}: {text}");
    }
}

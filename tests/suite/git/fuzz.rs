//! Seeded noise: whatever arrives, the room answers, does not panic, and what it accepts git calls sound.

use std::time::{Duration, Instant};

use dokku::platform::git::{Limits, ReceiveOptions};
use gix_hash::Kind;

use super::door::ByHook;
use super::sandbox::{Sandbox, ZERO, request};

/// xorshift: the same noise on every machine.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}

/// A pack with a right checksum behind these bytes.
pub fn sealed(body: &[u8]) -> Vec<u8> {
    let mut hasher = gix_hash::hasher(Kind::Sha1);
    hasher.update(body);
    [body, hasher.try_finalize().expect("no collision").as_slice()].concat()
}

fn damage(pack: &[u8], from: usize, random: &mut Random) -> Vec<u8> {
    let mut bytes = pack.to_vec();
    for _ in 0..1 + random.below(4) {
        let at = from + random.below(bytes.len() - from);
        match random.below(10) {
            0..7 => bytes[at] ^= 1 << random.below(8),
            7 => {
                let new = random.next().to_le_bytes();
                bytes.splice(at..at, new);
            }
            8 => {
                let end = (at + 1 + random.below(8)).min(bytes.len());
                bytes.drain(at..end);
            }
            _ => {
                let source = random.below(bytes.len());
                let length = random.below(200).min(bytes.len() - source.max(at));
                bytes.copy_within(source..source + length, at);
            }
        }
    }
    bytes
}

fn options() -> ReceiveOptions {
    let limits = Limits { inflated_bytes: 64 << 20, object_bytes: 16 << 20, ..Limits::default() };
    ReceiveOptions { limits, ..ReceiveOptions::default() }
}

#[test]
fn damaged_packs_with_a_right_checksum() {
    let sandbox = Sandbox::new();
    sandbox.history(12);
    assert!(sandbox.push(&["main~6:refs/heads/main"]).ok);
    let (old, new) = (sandbox.rev("c", "main~6"), sandbox.rev("c", "main"));
    let packs: Vec<Vec<u8>> =
        [&[][..], &["--thin"], &["--delta-base-offset"], &["--thin", "--delta-base-offset"]]
            .iter()
            .map(|options| sandbox.pack(options, &["main", "^main~6"]))
            .collect();
    let mut random = Random(0x5eed);
    let deadline = Instant::now() + Duration::from_millis(1500);
    let (mut accepted, mut refused) = (0, 0);
    while Instant::now() < deadline {
        let pack = &packs[random.below(packs.len())];
        let bytes = sealed(&damage(&pack[..pack.len() - 20], 8, &mut random));
        let raw = sandbox.raw(&request(&[(&old, &new, "refs/heads/main")], &bytes), &options(), &mut ByHook);
        match raw.outcome.expect("a pack is answered in the report").results[0].refusal {
            None => {
                accepted += 1;
                sandbox.assert_fsck("s.git");
                sandbox.git("s.git", &["update-ref", "refs/heads/main", &old]);
            }
            Some(_) => refused += 1,
        }
    }
    assert!(refused > 20, "{refused} refused, {accepted} accepted");
    sandbox.assert_sound();
}

#[test]
fn damaged_requests() {
    let sandbox = Sandbox::new();
    sandbox.history(2);
    let main = sandbox.rev("c", "main");
    let whole = request(&[(ZERO, &main, "refs/heads/main"), (ZERO, &main, "refs/heads/b")], &[]);
    let mut random = Random(0xbad);
    let deadline = Instant::now() + Duration::from_millis(500);
    while Instant::now() < deadline {
        let bytes = damage(&whole, 0, &mut random);
        let _ = sandbox.raw(&bytes, &options(), &mut ByHook);
        assert_eq!(sandbox.git("s.git", &["for-each-ref"]), "");
    }
    sandbox.assert_sound();
}

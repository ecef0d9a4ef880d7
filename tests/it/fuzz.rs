//! The targets of `fuzz/` without a fuzzer: every seed, and seeds changed at random, the same ones each time. A longer run looks at others:
//! `DIXIT_FUZZ_ROUNDS=100000 cargo test --release --test it fuzz:: -- --ignored`.

#[path = "../../fuzz/targets.rs"]
mod targets;

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

/// What the kinds of input are made of; one of these is put in now and then.
const PIECES: &[&str] = &[
    "\"",
    "“",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "|",
    ".",
    "?",
    "#",
    "$",
    ",",
    "\0",
    "\r\n",
    "\u{feff}",
    "\u{202e}",
    "-9999999999",
    "1e400",
    "9999-12-31",
    " and ",
    " not ",
    " that ",
    " via ",
    " about ",
    " | ",
    "?x",
    "Ω",
    "null",
];

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end.max(1)
    }

    /// Some bytes, changed in a few places.
    fn changed(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = seeds[self.below(seeds.len())].clone();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len() + 1);
            let end = (at + self.below(16)).min(bytes.len());
            match self.below(6) {
                0 => drop(bytes.drain(at..end)),
                1 => bytes.insert(at, self.below(256) as u8),
                2 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << self.below(8)),
                3 => {
                    let piece = PIECES[self.below(PIECES.len())];
                    drop(bytes.splice(at..at, piece.bytes()));
                }
                4 => {
                    let other = &seeds[self.below(seeds.len())];
                    let from = self.below(other.len());
                    let to = (from + self.below(40)).min(other.len());
                    drop(bytes.splice(at..end, other[from..to].iter().copied()));
                }
                _ => drop(bytes.splice(at..at, bytes[at..end].to_vec().repeat(3))),
            }
        }
        bytes
    }
}

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("fuzz/seeds").join(target);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{target} has no seeds");
    if target == "snapshot" {
        paths.push(root.join("tests/golden/format-1.dixg"));
    }
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

fn run(rounds: usize, begin: u64) {
    for (name, target) in targets::TARGETS {
        let seeds = seeds(name);
        let mut numbers = Numbers(begin);
        let changed = (0..rounds).map(|_| numbers.changed(&seeds));
        for bytes in seeds.iter().cloned().chain(changed) {
            let ran = catch_unwind(|| target(&bytes));
            assert!(ran.is_ok(), "{name} falls over {:?}", String::from_utf8_lossy(&bytes));
        }
    }
}

#[test]
fn no_target_falls_over_its_seeds_and_their_kin() {
    run(20, 0x9E37_79B9_7F4A_7C15);
}

#[test]
#[ignore = "long: as many rounds as DIXIT_FUZZ_ROUNDS says"]
fn many_rounds() {
    let said = |name| std::env::var(name).ok().and_then(|number| number.parse().ok());
    run(said("DIXIT_FUZZ_ROUNDS").unwrap_or(1000), said("DIXIT_FUZZ_BEGIN").unwrap_or(1) as u64 | 1);
}

#[test]
fn every_target_has_its_program() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let listed = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    for (name, _) in targets::TARGETS {
        assert!(folder.join(format!("fuzz_targets/{name}.rs")).exists(), "{name}");
        assert!(listed.contains(&format!("name = \"{name}\"")), "{name}");
    }
}

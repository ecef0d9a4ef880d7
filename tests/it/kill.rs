//! The program killed (`kill -9`) at moments that nobody chose, while it writes and while it folds: whatever it acknowledged is there, in
//! order and without a gap, and every file opens. It measures nothing.

use crate::cli::program;
use dixit::db::Database;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Child;
use std::process::Stdio;
use std::time::Duration;

/// How many statements one run is given.
const GIVEN: usize = 60;

/// Numbers that look random and begin the same.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// How many statements the graph holds; they must be the first so many.
fn held(path: &Path) -> usize {
    let mut db = Database::new(0);
    db.load(path, 0).unwrap();
    db.damage().unwrap();
    let graph = db.graph();
    let ids: Vec<String> = (0..graph.claims.len())
        .map(|row| graph.claims.id(dixit::model::ClaimId(row as u32)).to_string())
        .collect();
    let expected: Vec<String> = (1..=ids.len()).map(|number| format!("k{number}")).collect();
    assert_eq!(ids, expected);
    ids.len()
}

fn kill_after(mut child: Child, wait: Duration) {
    std::thread::sleep(wait);
    // It may have ended by itself.
    let _ = child.kill();
    child.wait().unwrap();
}

/// Kills a writer while it is given statements; tells which was acknowledged last.
fn write_and_kill(folder: &Path, from: usize, dice: &mut Dice) -> usize {
    let batch = if dice.roll(2) == 0 { &["--batch"][..] } else { &[] };
    let mut child = program(folder)
        .args(["--write", "g.dixg", "--ack"])
        .args(batch)
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let mut given = String::new();
    for number in from..from + GIVEN {
        given += &format!("#k{number}: Speaker{} said \"statement {number}\" about Dam.\n", number % 7);
    }
    std::thread::scope(|threads| {
        // Whoever is killed no longer reads.
        threads.spawn(move || input.write_all(given.as_bytes()));
        let mut lines = out.lines().map_while(Result::ok);
        // Some are killed before they have begun, some in the middle, some near the end.
        let patience = dice.roll(GIVEN as u64) as usize;
        let mut acked: Vec<String> = lines.by_ref().take(patience).collect();
        kill_after(child, Duration::from_micros(dice.roll(2_000)));
        acked.extend(lines);
        // The last line may be torn; those before it are not.
        let whole = acked.iter().zip(from..).take_while(|(acked, number)| **acked == format!("#k{number}"));
        from + whole.count() - 1
    })
}

/// Kills so many times; how many statements were acknowledged in all.
fn survives(runs: usize, seed: u64) -> usize {
    // What a process wrote outlives it in any folder; in memory nobody waits for a disk.
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
    let path = folder.path().join("g.dixg");
    let mut dice = Dice(seed);
    let (mut held_before, mut acked_in_all) = (0, 0);
    for run in 0..runs {
        let from = held_before + 1;
        let acked = if dice.roll(4) == 0 && path.exists() {
            let child =
                program(folder.path()).args(["compact", "g.dixg"]).stderr(Stdio::null()).spawn().unwrap();
            kill_after(child, Duration::from_micros(dice.roll(60_000)));
            held_before
        } else {
            write_and_kill(folder.path(), from, &mut dice)
        };
        if !path.exists() {
            assert_eq!(acked, 0, "run {run}");
            continue;
        }
        let held = held(&path);
        assert!(held >= acked && held < from + GIVEN, "run {run}: {held} held, {acked} acknowledged");
        acked_in_all += acked + 1 - from;
        held_before = held;
        // A graph that grows for ever makes every run slower than the one before.
        if held > 300 {
            for name in ["g.dixg", "g.dixg.journal"] {
                let _ = std::fs::remove_file(folder.path().join(name));
            }
            held_before = 0;
        }
    }
    acked_in_all
}

#[test]
fn a_killed_writer_loses_nothing_it_acknowledged() {
    assert!(survives(200, 1) > 1000);
}

/// Run by name, with the number of runs in `KILLS` (10,000 without): `cargo test --release --test it -- --ignored thousands --nocapture`.
#[test]
#[ignore = "takes as long as it is asked to"]
#[allow(clippy::print_stdout, reason = "the count is what it is run for")]
fn thousands_of_kills_lose_nothing() {
    let runs = std::env::var("KILLS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(10_000);
    let acked = survives(runs, 2);
    println!("{runs} runs, {acked} statements acknowledged, none lost, every file opened");
}

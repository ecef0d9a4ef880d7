//! What a crash leaves, tried at every operation on a simulated disk, and what a disk leaves that refuses any one of them. A graph is always
//! what the first so many statements made it, with every one that was acknowledged among them.
//!
//! The program runs once over a real folder while everything it does to files is written down. From that, what a disk may hold after a crash
//! is made up for every moment: names and bytes that were never synced are there or not, each for itself, and writes are torn.

use super::durable::open;
use super::{Database, LoadError};
use crate::formats::export;
use crate::store::{Disk, Op, Writer};
use crate::syntax::parse;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// One thing done in a script.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// A statement is told.
    Tell(&'static str),
    /// One that is refused.
    Refuse(&'static str),
    EndDocument,
    Now(i64),
    Param(&'static str, &'static str),
    Compact,
    Reopen,
}

use Step::{Compact, EndDocument, Now, Param, Refuse, Reopen, Tell};

const SCRIPT: &[Step] = &[
    Tell("document \"https://unn.ua/1\" by UNN on 2025-12-02."),
    Tell("Anna said \"the dam leaks\" about Dam on 2025-12-01."),
    Refuse("Anyone said \"x\"."),
    Tell("#a1: Bob denied that \"the dam leaks\" about Dam on yesterday."),
    EndDocument,
    Tell("Carl told Dora \"it is late\"."),
    Compact,
    Now(1_764_900_000),
    Tell("define verb slammed as asserted."),
    Tell("Carl slammed \"the mayor sleeps\" on today."),
    Param("who", "Emil Novak"),
    Tell("$who said \"the dam holds\" about Dam."),
    Reopen,
    Tell("Anna said \"the dam leaks\" about Dam on 2025-12-01 via Reuters."),
    Param("who", "Fay"),
    Tell("$who said \"the dam breaks\" about Dam via UNN via Reuters."),
    Tell("document \"https://nv.ua/2\" by NV on yesterday citing UNN citing Reuters."),
    Compact,
    Compact,
    Tell("Gleb said \"the dam is dry\" about Dam."),
    Param("who", "Hal"),
    Compact,
    Tell("$who doubted \"the dam is dry\"."),
    Tell("void #a1 because \"misread\"."),
    Tell("Reuters is person."),
];

/// Runs steps over a database; tells how many statements were told and acknowledged, each time before and after it tries one.
fn run(
    mut db: Database,
    mut reopen: impl FnMut(Database) -> Result<Database, LoadError>,
    batch: usize,
    mut told: impl FnMut(usize, usize),
    most: usize,
) -> Option<Database> {
    let (mut tried, mut acked, mut waiting) = (0, 0, 0);
    let mut now = 1_764_800_000;
    db.set_now(now);
    for step in SCRIPT {
        match *step {
            Tell(text) if tried < most => {
                tried += 1;
                told(tried, acked);
                let parsed = parse(text);
                if db.run(&parsed.sentences[0], text).is_err() {
                    // After that nothing is taken any more.
                    assert!(db.run(&parsed.sentences[0], text).is_err());
                    return Some(db);
                }
                waiting += 1;
                if batch <= 1 || (waiting >= batch && db.commit().is_ok()) {
                    (acked, waiting) = (tried, 0);
                }
            }
            Tell(_) => break,
            Refuse(text) => assert!(db.run(&parse(text).sentences[0], text).is_err()),
            EndDocument => db.end_document(),
            Now(at) => {
                now = at;
                db.set_now(at);
            }
            Param(name, value) => db.set_param(name, value),
            Compact => {
                if db.compact().is_ok() && db.writes().is_some() && waiting > 0 {
                    (acked, waiting) = (tried, 0);
                }
            }
            Reopen => {
                if db.commit().is_ok() && waiting > 0 {
                    acked = tried;
                }
                waiting = 0;
                told(tried, acked);
                db = reopen(db).ok()?;
                db.set_batches(batch > 1);
                db.set_now(now);
            }
        }
        told(tried, acked);
    }
    Some(db)
}

/// All that a graph says.
fn dump(db: &Database) -> String {
    let mut out = Vec::new();
    export::dixit(db.graph(), &mut out).unwrap();
    let log = db.graph().log.batches().map(|batch| format!("{batch:?}\n"));
    String::from_utf8(out).unwrap() + &log.collect::<String>()
}

/// What the first so many statements make, for each number of them.
fn prefixes() -> Vec<String> {
    let statements = SCRIPT.iter().filter(|step| matches!(step, Tell(_))).count();
    let made = |most| {
        let unwritten = |mut db: Database| {
            db.end_document();
            Ok(db)
        };
        dump(&run(Database::new(0), unwritten, 1, |_, _| {}, most).unwrap())
    };
    (0..=statements).map(made).collect()
}

fn opened_on(disk: &Disk, path: &Path) -> Result<Database, LoadError> {
    let mut db = Database::new(0);
    db.written(|| Writer::open_on(disk.clone(), path, false))?;
    Ok(db)
}

/// An operation as it was done, and what was told and acknowledged by then.
#[derive(Debug, Clone)]
struct Done {
    op: Kept,
    told: usize,
    acked: usize,
}

#[derive(Debug, Clone)]
enum Kept {
    Create(PathBuf),
    Write(PathBuf, u64, Vec<u8>),
    Cut(PathBuf, u64),
    Sync(PathBuf),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
    SyncFolder,
    /// Nothing was done, but more was told or acknowledged.
    Told,
}

impl Kept {
    fn of(op: Op<'_>) -> Kept {
        match op {
            Op::Create(path) => Kept::Create(path.into()),
            Op::Write(path, at, bytes) => Kept::Write(path.into(), at, bytes.into()),
            Op::Cut(path, length) => Kept::Cut(path.into(), length),
            Op::Sync(path) => Kept::Sync(path.into()),
            Op::Rename(from, to) => Kept::Rename(from.into(), to.into()),
            Op::Remove(path) => Kept::Remove(path.into()),
            Op::SyncFolder(_) => Kept::SyncFolder,
        }
    }
}

/// Numbers that look random and are always the same.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// What a disk loses of what was never synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Loses {
    All,
    Nothing,
    /// Each thing or not, as dice fall, with torn writes.
    Some(u64),
}

/// A disk as a crash leaves it.
#[derive(Default)]
struct Simulated {
    names: BTreeMap<PathBuf, usize>,
    files: Vec<Vec<u8>>,
}

impl Simulated {
    /// After these operations.
    fn after(done: &[Done], loses: Loses) -> Simulated {
        let mut dice = Dice(if let Loses::Some(seed) = loses { seed } else { 0 });
        // The last sync of each file and of the folder: what was done before stays.
        let mut living: BTreeMap<&Path, usize> = BTreeMap::new();
        let mut file_of = Vec::new();
        let mut count = 0;
        for one in done {
            let file = match &one.op {
                Kept::Create(path) => {
                    living.insert(path, count);
                    count += 1;
                    Some(count - 1)
                }
                Kept::Write(path, ..) | Kept::Cut(path, _) | Kept::Sync(path) => {
                    living.get(path.as_path()).copied()
                }
                Kept::Rename(from, to) => {
                    let file = living.remove(from.as_path());
                    if let Some(file) = file {
                        living.insert(to, file);
                    }
                    file
                }
                Kept::Remove(path) => living.remove(path.as_path()),
                Kept::SyncFolder | Kept::Told => None,
            };
            file_of.push(file);
        }
        let mut disk = Simulated { names: BTreeMap::new(), files: vec![Vec::new(); count] };
        for (at, one) in done.iter().enumerate() {
            let later = || done.iter().zip(&file_of).skip(at + 1);
            let is_name = matches!(one.op, Kept::Create(_) | Kept::Rename(..) | Kept::Remove(_));
            let stays = if is_name {
                later().any(|(later, _)| matches!(later.op, Kept::SyncFolder))
            } else {
                later().any(|(later, file)| matches!(later.op, Kept::Sync(_)) && *file == file_of[at])
            };
            let kept = stays
                || match loses {
                    Loses::All => false,
                    Loses::Nothing => true,
                    Loses::Some(_) => dice.roll(2) == 0,
                };
            let torn = !stays && matches!(loses, Loses::Some(_)) && dice.roll(2) == 0;
            if kept {
                disk.apply(&one.op, file_of[at], torn.then_some(&mut dice));
            }
        }
        disk
    }

    fn apply(&mut self, op: &Kept, file: Option<usize>, torn: Option<&mut Dice>) {
        let Some(file) = file else { return };
        match op {
            Kept::Create(path) => drop(self.names.insert(path.clone(), file)),
            Kept::Rename(from, to) => {
                if self.names.get(from) == Some(&file) {
                    self.names.remove(from);
                }
                self.names.insert(to.clone(), file);
            }
            Kept::Remove(path) => {
                if self.names.get(path) == Some(&file) {
                    self.names.remove(path);
                }
            }
            Kept::Cut(_, length) => self.files[file].resize(*length as usize, 0),
            Kept::Write(_, at, bytes) => {
                let (at, content) = (*at as usize, &mut self.files[file]);
                content.resize(content.len().max(at + bytes.len()), 0);
                content[at..at + bytes.len()].copy_from_slice(bytes);
                let Some(dice) = torn else { return };
                if dice.roll(2) == 0 {
                    // The length came to the disk, and some of the sectors did not.
                    let size = if bytes.len() > 4096 { 512 } else { 16 };
                    for sector in content[at..at + bytes.len()].chunks_mut(size) {
                        if dice.roll(2) == 0 {
                            sector.fill(0);
                        }
                    }
                } else {
                    content.truncate(at + dice.roll(bytes.len() as u64 + 1) as usize);
                }
            }
            Kept::Sync(_) | Kept::SyncFolder | Kept::Told => {}
        }
    }

    /// Puts the files into a folder.
    fn lay_out(&self, from: &Path, folder: &Path) {
        for (name, file) in &self.names {
            let path = folder.join(name.strip_prefix(from).unwrap());
            std::fs::write(path, &self.files[*file]).unwrap();
        }
    }
}

/// Everything that was done while the script ran.
fn trace(folder: &Path, batch: usize) -> Vec<Done> {
    let done: Arc<Mutex<Vec<Done>>> = Arc::default();
    let noted = done.clone();
    let note = move |op: Op<'_>| -> io::Result<()> {
        let mut done = noted.lock().unwrap();
        let (told, acked) = done.last().map_or((0, 0), |last| (last.told, last.acked));
        done.push(Done { op: Kept::of(op), told, acked });
        Ok(())
    };
    let disk = Disk::watched(note);
    let path = folder.join("g.dixg");
    let mut db = opened_on(&disk, &path).unwrap();
    db.set_batches(batch > 1);
    let reopen = |db: Database| {
        drop(db);
        opened_on(&disk, &path)
    };
    let told = |told, acked| done.lock().unwrap().push(Done { op: Kept::Told, told, acked });
    drop(run(db, reopen, batch, told, usize::MAX).unwrap());
    let mut done = done.lock().unwrap();
    std::mem::take(&mut *done)
}

/// Which prefix a graph is.
fn prefix_of(db: &Database, prefixes: &[String]) -> Option<usize> {
    let dump = dump(db);
    prefixes.iter().rposition(|prefix| *prefix == dump)
}

fn read(path: &Path) -> Result<Database, LoadError> {
    let mut db = Database::new(0);
    db.graph = open(path)?.0;
    Ok(db)
}

fn survives_crashes(batch: usize, dice: u64) {
    let prefixes = prefixes();
    let recorded = tempfile::tempdir().unwrap();
    let recorded = recorded.path().canonicalize().unwrap();
    let done = trace(&recorded, batch);
    assert!(done.len() > 50, "{}", done.len());
    for moment in 0..=done.len() {
        let so_far = &done[..moment];
        let (told, acked) = so_far.last().map_or((0, 0), |last| (last.told, last.acked));
        let losses = [Loses::All, Loses::Nothing].into_iter().chain((0..dice).map(Loses::Some));
        for loses in losses {
            let folder = tempfile::tempdir().unwrap();
            Simulated::after(so_far, loses).lay_out(&recorded, folder.path());
            let path = folder.path().join("g.dixg");
            let context =
                format!("after {moment} operations ({:?}), {loses:?}", so_far.last().map(|last| &last.op));
            let known = |db: &Database| {
                let at = prefix_of(db, &prefixes);
                let at = at.unwrap_or_else(|| panic!("{context}: no prefix: {}", dump(db)));
                assert!((acked..=told).contains(&at), "{context}: {at} of {acked} to {told}");
                at
            };
            // Readers first: they change nothing.
            let seen = match read(&path) {
                Ok(db) => Some(known(&db)),
                Err(error) => {
                    assert!(acked == 0 && !path.exists(), "{context}: {error}");
                    None
                }
            };
            let mut db =
                opened_on(&Disk::default(), &path).unwrap_or_else(|error| panic!("{context}: {error}"));
            assert_eq!(known(&db), seen.unwrap_or(0), "{context}");
            // And it goes on from there.
            let more = "Zoe said \"after the crash\".";
            db.run(&parse(more).sentences[0], more).unwrap();
            let expected = dump(&db);
            drop(db);
            assert_eq!(dump(&read(&path).unwrap()), expected, "{context}");
            let mut db = opened_on(&Disk::default(), &path).unwrap();
            db.compact().unwrap();
            drop(db);
            assert_eq!(dump(&read(&path).unwrap()), expected, "{context}");
            let left: Vec<_> =
                std::fs::read_dir(folder.path()).unwrap().map(|one| one.unwrap().file_name()).collect();
            assert_eq!(left, ["g.dixg"], "{context}");
        }
    }
}

#[test]
fn no_crash_loses_what_was_acknowledged() {
    survives_crashes(1, 4);
}

#[test]
fn no_crash_loses_what_was_acknowledged_in_batches() {
    survives_crashes(3, 2);
}

/// Many more dice: run it by name, after a change to what is written and when.
#[test]
#[ignore = "takes minutes"]
fn no_crash_loses_anything_however_the_dice_fall() {
    (1..5).for_each(|batch| survives_crashes(batch, 300));
}

#[test]
fn a_disk_that_refuses_anything_loses_nothing() {
    let prefixes = prefixes();
    // From each operation on, all of them or only that one.
    for (lasting, first) in
        [false, true].into_iter().flat_map(|lasting| (0..).map(move |at| (lasting, at)).take(400))
    {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap().join("g.dixg");
        let count = Arc::new(Mutex::new(0));
        let counted = count.clone();
        let disk = Disk::watched(move |_| {
            let mut count = counted.lock().unwrap();
            *count += 1;
            let fails = if lasting { *count > first } else { *count == first + 1 };
            if fails { Err(io::Error::from(io::ErrorKind::StorageFull)) } else { Ok(()) }
        });
        let context = format!("operation {first}, lasting {lasting}");
        let (mut most, mut kept) = (0, 0);
        let opened = opened_on(&disk, &path);
        let reopen = |db: Database| {
            drop(db);
            opened_on(&disk, &path)
        };
        let told = |told, acked| (most, kept) = (told, acked);
        let db = opened.ok().and_then(|db| run(db, reopen, 1, told, usize::MAX));
        if let Some(db) = db {
            let at = prefix_of(&db, &prefixes).unwrap_or_else(|| panic!("{context}: {}", dump(&db)));
            assert!((kept..=most).contains(&at), "{context}: {at} of {kept} to {most}");
        }
        let db = opened_on(&Disk::default(), &path).unwrap_or_else(|error| panic!("{context}: {error}"));
        let at = prefix_of(&db, &prefixes).unwrap_or_else(|| panic!("{context}: {}", dump(&db)));
        assert!((kept..=most).contains(&at), "{context}: {at} of {kept} to {most}");
        if *count.lock().unwrap() <= first {
            // Every operation has had its turn.
            assert_eq!(kept, prefixes.len() - 1);
        }
    }
}

//! Writing that stays: what is told to a snapshot is in its journal before it is acknowledged, comes back, and is folded in.

use crate::cli::{Came, folder, program, run, told};
use dixit::db::{Database, LoadError, Outcome, StoreError};
use dixit::syntax::parse;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Stdio};
use tempfile::TempDir;

const TOLD: &str = "\
document \"https://unn.ua/1\" by UNN on 2025-12-02.
Anna said \"the dam leaks\" about Dam.
#b1: Bob denied that \"the dam leaks\".
define verb slammed as asserted.
Carl slammed \"the mayor\" about Mayor.
";

/// The program, writing `g.dixg`, until its standard input ends.
fn writing(folder: &TempDir, args: &[&str]) -> Child {
    let all = ["--write", "g.dixg", "--ack"].iter().chain(args);
    program(folder.path()).args(all).stdin(Stdio::piped()).spawn().unwrap()
}

fn tell(child: &mut Child, sentence: &str) -> String {
    writeln!(child.stdin.as_mut().unwrap(), "{sentence}").unwrap();
    let mut line = String::new();
    // A line is all that comes, so that nothing stays in the buffer.
    BufReader::with_capacity(1, child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    line.trim_end().to_string()
}

fn claims(folder: &TempDir) -> Came {
    run(folder, &["g.dixg", "--format", "csv", "-c", "who said what | show who, what, claim"]).expect(0)
}

fn journal(folder: &TempDir) -> std::path::PathBuf {
    folder.path().join("g.dixg.journal")
}

#[test]
fn what_was_acknowledged_is_there_after_a_kill() {
    let folder = folder(&[]);
    let mut child = writing(&folder, &[]);
    assert_eq!(tell(&mut child, "Anna said \"the dam leaks\" about Dam."), "#_1");
    assert_eq!(tell(&mut child, "Dam is place."), "noted");
    assert_eq!(tell(&mut child, "#b1: Bob denied that \"the dam leaks\"\n  about Dam."), "#b1");
    // Readers see it at once.
    let seen = "who,what,claim\nAnna,the dam leaks,#_1\nBob,not the dam leaks,#b1\n";
    assert_eq!(claims(&folder).out, seen);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(journal(&folder).exists());
    let before = std::fs::read(folder.path().join("g.dixg")).unwrap();
    let came = run(&folder, &["g.dixg", "-c", "who denied what | show claim"]).expect(0);
    assert_eq!((came.out.as_str(), came.err.as_str()), ("claim\n#b1\n", ""));
    assert_eq!(std::fs::read(folder.path().join("g.dixg")).unwrap(), before, "reading changes nothing");
    let said = claims(&folder).out;
    let came = run(&folder, &["compact", "g.dixg"]).expect(0);
    assert_eq!(came.err, "g.dixg: 3 statements folded in, 2 claims\n");
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert_eq!(left, ["g.dixg"]);
    assert_eq!(claims(&folder).out, said);
}

#[test]
fn a_graph_that_was_recovered_is_the_same_to_the_byte() {
    let folder = folder(&[("told.dixit", TOLD)]);
    let path = folder.path();
    // Told to a snapshot, in several goes and with folding between; and told to nothing, then saved.
    let halves: Vec<&str> = TOLD.split_inclusive(".\n").collect();
    let mut kept = Database::new(1_764_806_400);
    let mut plain = Database::new(1_764_806_400);
    kept.write_to(&path.join("g.dixg")).unwrap();
    for (at, text) in halves.iter().enumerate() {
        for db in [&mut kept, &mut plain] {
            let sentence = &parse(text).sentences[0];
            assert!(matches!(db.run(sentence, text), Ok(Outcome::Recorded(_))), "{text}");
            // What is refused leaves no trace, wherever it stands.
            let wrong = "Anyone said \"x\".";
            db.run(&parse(wrong).sentences[0], wrong).unwrap_err();
        }
        if at == 1 {
            kept.compact().unwrap();
        }
    }
    drop(kept);
    let mut again = Database::new(5);
    assert_eq!(again.write_to(&path.join("g.dixg")).unwrap().statements, 3);
    again.compact().unwrap();
    plain.save(&path.join("p.dixg")).unwrap();
    assert!(
        std::fs::read(path.join("g.dixg")).unwrap() == std::fs::read(path.join("p.dixg")).unwrap(),
        "the two snapshots differ"
    );
}

#[test]
fn every_prefix_and_every_flipped_byte_of_a_journal_has_a_clear_end() {
    let folder = folder(&[]);
    let snapshot = folder.path().join("g.dixg");
    told(&folder, &["--write", "g.dixg"], TOLD.as_bytes()).expect(0);
    let whole = std::fs::read(journal(&folder)).unwrap();
    let open = || {
        let mut db = Database::new(0);
        db.load(&snapshot, 0).map(|loaded| (loaded.cut, db.graph().claims.len()))
    };
    assert_eq!(open().unwrap(), (None, 3));
    let mut seen = 0;
    for cut in 0..whole.len() {
        std::fs::write(journal(&folder), &whole[..cut]).unwrap();
        match open() {
            Ok((cut, claims)) => {
                assert!(claims >= seen, "a longer journal holds no less");
                seen = claims;
                assert!(cut.is_some() || claims == 0 || claims == seen);
            }
            // A header that is not whole cannot be our doing.
            Err(LoadError::Store(StoreError::JournalDamaged { at: 0, .. })) => assert!(cut < 48, "{cut}"),
            Err(other) => panic!("{cut}: {other}"),
        }
    }
    let mut cuts = 0;
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        std::fs::write(journal(&folder), &bytes).unwrap();
        match open() {
            Err(LoadError::Store(StoreError::JournalDamaged { at: place, .. })) => {
                assert!(place as usize <= at);
            }
            // The last record, which looks as one that was never finished: it is said.
            Ok((Some(cut), 2)) => {
                assert!(cut.at as usize <= at);
                cuts += 1;
            }
            other => panic!("{at}: {other:?}"),
        }
    }
    let last = whole.windows(4).rposition(|four| four == b"\x1aREC").unwrap();
    assert_eq!(cuts, whole.len() - last, "only the last record can be taken for an unfinished one");
}

#[test]
fn a_torn_end_is_told_and_cut() {
    let folder = folder(&[]);
    told(&folder, &["--write", "g.dixg"], TOLD.as_bytes()).expect(0);
    let whole = std::fs::read(journal(&folder)).unwrap();
    std::fs::write(journal(&folder), &whole[..whole.len() - 7]).unwrap();
    let said = "never finished: they are left out; it begins “Carl slammed \"the mayor\" about”";
    let came = run(&folder, &["g.dixg", "-c", "who said what?"]).expect(0);
    assert!(came.err.starts_with("warning[W410]:") && came.err.contains(said), "{came:#?}");
    // A reader leaves it, a writer cuts it.
    assert_eq!(std::fs::read(journal(&folder)).unwrap().len(), whole.len() - 7);
    let came = told(&folder, &["--write", "g.dixg", "--ack"], b"Dora said \"x\".").expect(0);
    assert!(came.err.contains(said), "{came:#?}");
    assert_eq!(came.out, "#_3\n");
    assert_eq!(run(&folder, &["g.dixg", "-c", "who said what | show claim"]).expect(0).err, "");
}

#[test]
fn what_stands_before_damage_can_be_kept() {
    let folder = folder(&[]);
    told(&folder, &["--write", "g.dixg"], TOLD.as_bytes()).expect(0);
    let mut bytes = std::fs::read(journal(&folder)).unwrap();
    let second = bytes.windows(6).position(|six| six == b"denied").unwrap();
    bytes[second] ^= 1;
    std::fs::write(journal(&folder), &bytes).unwrap();
    for args in [
        &["g.dixg", "-c", "who said what?"][..],
        &["--write", "g.dixg", "-c", "who said what?"],
        &["compact", "g.dixg"],
    ] {
        let came = run(&folder, args).expect(2);
        assert!(came.err.contains("error[E315]") && came.err.contains("2 whole statements"), "{came:#?}");
        assert_eq!(std::fs::read(journal(&folder)).unwrap(), bytes, "nothing is changed");
    }
    let came = run(&folder, &["compact", "--before-damage", "g.dixg"]).expect(0);
    assert!(came.err.ends_with("g.dixg: 2 statements folded in, 1 claims\n"), "{came:#?}");
    assert_eq!(std::fs::read(folder.path().join("g.dixg.journal.damaged")).unwrap(), bytes);
    assert!(!journal(&folder).exists());
}

#[test]
fn a_damaged_header_loses_no_statement_and_no_damaged_journal_takes_the_place_of_another() {
    let folder = folder(&[]);
    for (kept, place) in [("g.dixg.journal.damaged", 2), ("g.dixg.journal.damaged.2", 20)] {
        told(&folder, &["--write", "g.dixg"], b"Anna said \"the dam leaks\".\nBob denied \"it\".\n")
            .expect(0);
        let mut bytes = std::fs::read(journal(&folder)).unwrap();
        bytes[place] ^= 1;
        std::fs::write(journal(&folder), &bytes).unwrap();
        let came = run(&folder, &["g.dixg", "-c", "who said what?"]).expect(2);
        assert!(came.err.contains("at byte 0, and 2 whole statements are sure"), "{came:#?}");
        run(&folder, &["compact", "--before-damage", "g.dixg"]).expect(0);
        assert_eq!(std::fs::read(folder.path().join(kept)).unwrap(), bytes);
        let came = run(&folder, &["g.dixg", "-c", "who said what | count"]).expect(0);
        assert_eq!(came.out, "count\n2\n");
        std::fs::remove_file(folder.path().join("g.dixg")).unwrap();
    }
}

#[test]
fn a_journal_of_which_nothing_can_be_read_is_kept_aside() {
    let folder = folder(&[]);
    told(&folder, &["--write", "g.dixg"], b"Anna said \"a\".\n").expect(0);
    std::fs::write(journal(&folder), b"no journal").unwrap();
    run(&folder, &["g.dixg", "-c", "who said what?"]).expect(2);
    run(&folder, &["compact", "--before-damage", "g.dixg"]).expect(0);
    assert_eq!(std::fs::read(folder.path().join("g.dixg.journal.damaged")).unwrap(), b"no journal");
    run(&folder, &["g.dixg", "-c", "who said what?"]).expect(0);
}

/// A database that writes `g.dixg`.
fn writer(folder: &TempDir) -> Database {
    let mut db = Database::new(0);
    db.write_to(&folder.path().join("g.dixg")).unwrap();
    db
}

/// Statements of nearly a megabyte each, as one text.
fn long_statements(count: usize) -> String {
    let long = "x".repeat(900_000);
    (0..count).map(|at| format!("Anna said \"{at} {long}\".\n")).collect::<Vec<_>>().concat()
}

#[test]
fn what_is_too_much_for_the_journal_goes_into_a_new_snapshot() {
    let folder = folder(&[]);
    let path = folder.path().join("g.dixg");
    let mut db = writer(&folder);
    db.set_batches(true);
    assert_eq!(db.load_text(long_statements(10), 0).errors(), 0);
    db.commit().unwrap();
    assert!(std::fs::metadata(&path).unwrap().len() > 9_000_000);
    assert_eq!(std::fs::metadata(journal(&folder)).unwrap().len(), 48);
    assert_eq!(db.load_text("Bob said \"y\".".into(), 0).errors(), 0);
    db.commit().unwrap();
    drop(db);
    let mut again = Database::new(0);
    assert_eq!(again.write_to(&path).unwrap().statements, 1);
    assert_eq!(again.graph().claims.len(), 11);
}

#[test]
fn a_hole_longer_than_any_statement_is_damage() {
    let folder = folder(&[]);
    let sentences = long_statements(11);
    let mut db = writer(&folder);
    for sentence in sentences.lines() {
        let parsed = parse(sentence);
        assert!(matches!(db.run(&parsed.sentences[0], sentence), Ok(Outcome::Recorded(_))));
    }
    drop(db);
    let mut bytes = std::fs::read(journal(&folder)).unwrap();
    let (start, end) = (1_000_000, bytes.len() - 100);
    bytes[start..end].fill(0);
    std::fs::write(journal(&folder), &bytes).unwrap();
    let came = run(&folder, &["g.dixg", "-c", "who said what?"]).expect(2);
    assert!(came.err.contains("error[E315]") && came.err.contains("1 whole statements"), "{came:#?}");
}

#[cfg(unix)]
#[test]
fn who_may_not_read_the_snapshot_may_not_read_its_journal() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&[]);
    let path = folder.path().join("g.dixg");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    told(&folder, &["--write", "g.dixg"], b"Anna said \"a\".").expect(0);
    run(&folder, &["compact", "g.dixg"]).expect(0);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    told(&folder, &["--write", "g.dixg"], b"Anna said \"b\".").expect(0);
    assert_eq!((mode(&path), mode(&journal(&folder))), (0o600, 0o600));
    run(&folder, &["compact", "g.dixg"]).expect(0);
    assert_eq!(mode(&path), 0o600);
}

#[cfg(unix)]
#[test]
fn who_ends_takes_away_only_what_is_his() {
    let folder = folder(&[]);
    let first = writer(&folder);
    // Somebody takes the lock for a stale one.
    std::fs::remove_file(folder.path().join("g.dixg.lock")).unwrap();
    told(&folder, &["--write", "g.dixg"], b"Anna said \"a\".").expect(0);
    let third = writer(&folder);
    drop(first);
    assert!(journal(&folder).exists() && folder.path().join("g.dixg.lock").exists());
    drop(third);
    assert_eq!(claims(&folder).out, "who,what,claim\nAnna,a,#_1\n");
}

#[test]
fn a_snapshot_that_is_another_since_it_was_loaded_is_not_replaced() {
    let folder = folder(&[]);
    let path = folder.path().join("g.dixg");
    told(&folder, &["--write", "g.dixg"], b"Anna said \"a\".").expect(0);
    run(&folder, &["compact", "g.dixg"]).expect(0);
    let mut db = Database::new(0);
    db.load(&path, 0).unwrap();
    assert_eq!(db.load_text("Bob said \"b\".".into(), 0).errors(), 0);
    told(&folder, &["--write", "g.dixg"], b"Carl said \"c\".").expect(0);
    run(&folder, &["compact", "g.dixg"]).expect(0);
    assert!(matches!(db.save(&path), Err(StoreError::Replaced { .. })));
    // Elsewhere it may be saved, and there again and again.
    let other = folder.path().join("h.dixg");
    for text in ["Dora said \"d\".", "Eva said \"e\"."] {
        assert_eq!(db.load_text(text.into(), 0).errors(), 0);
        db.save(&other).unwrap();
    }
    assert_eq!(claims(&folder).out, "who,what,claim\nAnna,a,#_1\nCarl,c,#_2\n");
}

#[test]
fn one_writes_and_others_read() {
    let folder = folder(&[]);
    let mut child = writing(&folder, &[]);
    assert_eq!(tell(&mut child, "Anna said \"a\"."), "#_1");
    let id = child.id().to_string();
    for args in [
        &["--write", "g.dixg", "-c", "Bob said \"b\"."][..],
        &["compact", "g.dixg"],
        &["build", "x.dixit", "-o", "g.dixg"],
    ] {
        std::fs::write(folder.path().join("x.dixit"), "Zoe said \"z\".").unwrap();
        let came = run(&folder, args).expect(2);
        assert!(came.err.contains("one writer at a time") && came.err.contains(&id), "{came:#?}");
    }
    assert_eq!(claims(&folder).out, "who,what,claim\nAnna,a,#_1\n");
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    // Nobody writes now, but a snapshot with a journal is not built over.
    let came = run(&folder, &["build", "x.dixit", "-o", "g.dixg"]).expect(2);
    assert!(
        came.err.contains("1 statements in its journal") && came.err.contains("dixit compact"),
        "{came:#?}"
    );
    run(&folder, &["compact", "g.dixg"]).expect(0);
    run(&folder, &["build", "x.dixit", "-o", "g.dixg"]).expect(0);
    assert_eq!(claims(&folder).out, "who,what,claim\nZoe,z,#_1\n");
}

#[test]
fn a_file_replaced_under_our_feet_is_noticed() {
    let folder = folder(&[]);
    for name in ["g.dixg", "g.dixg.journal"] {
        for file in ["g.dixg", "g.dixg.journal"] {
            let _ = std::fs::remove_file(folder.path().join(file));
        }
        let mut child = writing(&folder, &[]);
        assert_eq!(tell(&mut child, "Anna said \"a\"."), "#_1");
        let path = folder.path().join(name);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(folder.path().join("copy"), &bytes).unwrap();
        std::fs::rename(folder.path().join("copy"), &path).unwrap();
        writeln!(child.stdin.as_mut().unwrap(), "Bob said \"b\".").unwrap();
        drop(child.stdin.take());
        let mut err = String::new();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(1));
        assert!(err.contains("error[E314]") && err.contains("replaced or changed by somebody else"), "{err}");
        assert_eq!(claims(&folder).out, "who,what,claim\nAnna,a,#_1\n");
    }
}

#[test]
fn journals_without_their_snapshot_are_not_passed_over() {
    let folder = folder(&[("x.dixit", "Zoe said \"z\".")]);
    told(&folder, &["--write", "g.dixg"], TOLD.as_bytes()).expect(0);
    run(&folder, &["build", "x.dixit", "-o", "other.dixg"]).expect(0);
    let own = std::fs::read(folder.path().join("g.dixg")).unwrap();
    std::fs::copy(folder.path().join("other.dixg"), folder.path().join("g.dixg")).unwrap();
    for args in [
        &["g.dixg", "-c", "who said what?"][..],
        &["--write", "g.dixg", "-c", "Ann said \"x\"."],
        &["build", "x.dixit", "-o", "g.dixg"],
    ] {
        let came = run(&folder, args).expect(2);
        assert!(came.err.contains("goes on from another snapshot"), "{came:#?}");
    }
    std::fs::remove_file(folder.path().join("g.dixg")).unwrap();
    for args in [&["--write", "g.dixg", "-c", "Ann said \"x\"."][..], &["build", "x.dixit", "-o", "g.dixg"]] {
        let came = run(&folder, args).expect(2);
        assert!(came.err.contains("is not there, but its journal is"), "{came:#?}");
    }
    std::fs::write(folder.path().join("g.dixg"), own).unwrap();
    assert_eq!(claims(&folder).out.lines().count(), 4);
}

#[test]
fn files_and_batches_are_written_too() {
    let folder = folder(&[("x.dixit", "Zoe said \"z\"."), ("bad.dixit", "Zoe and and. Yan said \"y\".")]);
    let came = run(
        &folder,
        &["--write", "g.dixg", "x.dixit", "--batch", "--ack", "-c", "Anna said \"a\". Bob said \"b\"."],
    );
    assert_eq!(came.expect(0).out, "#_2\n#_3\n");
    assert_eq!(claims(&folder).out, "who,what,claim\nZoe,z,#_1\nAnna,a,#_2\nBob,b,#_3\n");
    // What is whole in a file is kept; the rest is told.
    let came = run(&folder, &["--write", "g.dixg", "bad.dixit"]).expect(1);
    assert!(came.err.contains("error[E"), "{came:#?}");
    assert_eq!(claims(&folder).out, "who,what,claim\nZoe,z,#_1\nAnna,a,#_2\nBob,b,#_3\nYan,y,#_4\n");
    // Without --write a graph is only read, whatever is told.
    run(&folder, &["g.dixg", "-c", "Carl said \"c\"."]).expect(0);
    assert_eq!(claims(&folder).out.lines().count(), 5);
    assert_eq!(run(&folder, &["--ack", "-c", "Ann said \"x\"."]).status, Some(2));
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_an_error_and_loses_nothing() {
    let folder = folder(&[]);
    let told_before = told(&folder, &["--write", "g.dixg", "--ack"], b"Anna said \"a\".").expect(0);
    assert_eq!(told_before.out, "#_1\n");
    // No file may grow beyond a kilobyte from here on.
    let long = "x".repeat(2000);
    let script = "trap '' XFSZ; ulimit -f 1; exec \"$0\" --write g.dixg --ack --keep-going";
    let mut child = std::process::Command::new("bash")
        .current_dir(folder.path())
        .args(["-c", script, env!("CARGO_BIN_EXE_dixit")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let input =
        format!("Bob said \"b\".\nCarl said \"{long}\".\nDora said \"d\".\nwho said what | show who?\n");
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(out, "#_2\nwho\nAnna\nBob\n", "{err}");
    assert_eq!(err.matches("error[E314]").count(), 2, "{err}");
    assert_eq!(claims(&folder).out, "who,what,claim\nAnna,a,#_1\nBob,b,#_2\n");
    assert_eq!(told(&folder, &["--write", "g.dixg", "--ack"], b"Dora said \"d\".").expect(0).out, "#_3\n");
}

#[test]
fn a_link_leads_to_the_journal_of_its_file() {
    let folder = folder(&[]);
    told(&folder, &["--write", "g.dixg"], TOLD.as_bytes()).expect(0);
    #[cfg(unix)]
    std::os::unix::fs::symlink("g.dixg", folder.path().join("link.dixg")).unwrap();
    #[cfg(not(unix))]
    std::fs::hard_link(folder.path().join("g.dixg"), folder.path().join("link.dixg")).unwrap();
    #[cfg(unix)]
    {
        told(&folder, &["--write", "link.dixg"], b"Eve said \"e\".").expect(0);
        assert!(Path::new(&folder.path().join("link.dixg")).is_symlink());
        let came = run(&folder, &["link.dixg", "-c", "Eve said what | show what"]).expect(0);
        assert_eq!(came.out, "what\ne\n");
        run(&folder, &["compact", "link.dixg"]).expect(0);
        assert!(folder.path().join("link.dixg").is_symlink());
    }
}

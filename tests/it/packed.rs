//! Files that are packed, with gzip or zstd, read as if they were not; those that are cut off or damaged, refused where that shows.

use super::cli::{folder, run};
use dixit::formats::packed::Unpacked;
use flate2::Compression;
use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use std::fmt::Write as _;
use std::io::{Read, Write};

const SAMPLE: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/samples/peace-talks.dixit"));

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

/// A frame that is to be skipped.
fn skipped(bytes: &[u8]) -> Vec<u8> {
    [&0x184D_2A53u32.to_le_bytes()[..], &(bytes.len() as u32).to_le_bytes(), bytes].concat()
}

fn unpacked(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::new();
    Unpacked::new(bytes)?.read_to_end(&mut out).map(|_| out)
}

fn rows(count: usize) -> String {
    let mut text = String::new();
    for n in 0..count {
        let _ = writeln!(text, r#"{{"id":"c{n}","speaker":"S{}","proposition":"p {n}"}}"#, n % 7);
    }
    text
}

#[test]
fn members_and_frames_one_behind_the_other_are_one_text() {
    let text = rows(9000);
    let (one, two) = text.as_bytes().split_at(text.len() / 3);
    assert!(unpacked(text.as_bytes()).unwrap() == text.as_bytes());
    for (pack, wanted) in [
        (vec![gzip(one), gzip(b""), gzip(two)], text.as_bytes()),
        (vec![zstd(one), zstd(b""), zstd(two)], text.as_bytes()),
        (
            vec![skipped(b"about this file"), zstd(one), skipped(b""), zstd(two), skipped(b"x")],
            text.as_bytes(),
        ),
        (vec![gzip(b"")], b""),
        (vec![zstd(b"")], b""),
        (vec![], b""),
    ] {
        assert!(unpacked(&pack.concat()).unwrap() == wanted);
    }
}

#[test]
fn every_cut_is_noticed_and_so_is_nearly_every_flipped_byte() {
    let text = rows(40);
    let short: Vec<u8> = text.bytes().take(200).collect();
    for packed in [[gzip(&short), gzip(text.as_bytes())], [zstd(&short), zstd(text.as_bytes())]] {
        let first = packed[0].len();
        let whole = packed.concat();
        for cut in 4..whole.len() {
            match unpacked(&whole[..cut]) {
                // Between two of them nothing is missing that anybody could see.
                Ok(out) => assert!(cut == first && out == short, "cut at {cut}"),
                Err(error) => {
                    assert!(error.to_string().contains("ends early or is damaged at byte"), "{cut}: {error}");
                }
            }
        }
        for (at, bit) in (4..whole.len()).flat_map(|at| [0x01, 0x10, 0x80].map(|bit| (at, bit))) {
            let mut flipped = whole.clone();
            flipped[at] ^= bit;
            // What a header says of the file's name or time is guarded by nothing, and says nothing of the text.
            if let Ok(out) = unpacked(&flipped) {
                assert!(out == [&short, text.as_bytes()].concat(), "flipped at {at} by {bit}");
            }
        }
    }
}

#[test]
fn packed_files_are_asked_like_plain_ones() {
    let folder = folder(&[]);
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("plain.dixit", SAMPLE);
    run(&folder, &["build", "plain.dixit", "-o", "plain.dixg"]).expect(0);
    run(&folder, &["export", "plain.dixg", "--to", "jsonl", "-o", "rows.jsonl"]).expect(0);
    let rows = std::fs::read(folder.path().join("rows.jsonl")).unwrap();
    let half = rows.iter().take(rows.len() / 2).rposition(|byte| *byte == b'\n').unwrap() + 1;
    // Several parts are one text; what zstd says to skip is skipped; the name says nothing where the first bytes do.
    // Several parts are one text, and what is to be skipped is; the name says nothing where the first bytes do.
    for (name, bytes) in [
        ("a.dixit.gz", gzip(SAMPLE)),
        ("a.dixit.zst", zstd(SAMPLE)),
        ("a.dixit", gzip(SAMPLE)),
        ("b.jsonl.gz", [gzip(&rows[..half]), gzip(&rows[half..])].concat()),
        ("b.jsonl.zst", [zstd(&rows[..half]), skipped(b"abc"), zstd(&rows[half..])].concat()),
        ("b", zstd(&rows)),
    ] {
        write(name, &bytes);
        let count =
            ["-c", "who said what | count", "-c", "who said what via Reuters | show who, what, hedge"];
        let asked = |file: &str| run(&folder, &[&count[..], &[file]].concat()).expect(0).out;
        assert_eq!(asked(name), asked("rows.jsonl"), "{name}");
    }
}

#[test]
fn packed_files_of_every_kind_are_read_whatever_they_are_called() {
    let facts = "Anna said \"the dam leaks\" about Dam.\nBea denied \"the dam leaks\" about Dam.\n";
    let row = "{\"speaker\":\"Cleo\",\"proposition\":\"the dam holds\",\"subjects\":\"Dam\"}\n";
    let table = "who;what\nDora;the dam sings\n";
    let map = "from csv separator \";\": $who said $what about Dam.";
    let folder = folder(&[("map.dixit", map)]);
    let write = |name: &str, bytes: Vec<u8>| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("a.dixit.gz", gzip(facts.as_bytes()));
    // Neither the ending nor its absence says how a file is packed.
    write("b.jsonl", zstd(row.as_bytes()));
    write("c", zstd(row.as_bytes()));
    write("d.csv.zst", gzip(table.as_bytes()));
    let files = ["a.dixit.gz", "b.jsonl", "c", "--map", "map.dixit", "d.csv.zst"];
    let came = run(&folder, &[&["build", "-o", "g.dixg"], &files[..]].concat()).expect(0);
    assert!(came.err.contains("a.dixit.gz: 2 statements read, 2 taken"), "{}", came.err);
    assert!(came.err.contains("d.csv.zst: 1 rows read, 1 taken"), "{}", came.err);
    let asked = run(&folder, &["g.dixg", "-c", "who said what about Dam | show who, what"]).expect(0);
    assert_eq!(
        asked.out,
        "who\twhat\nAnna\tthe dam leaks\nBea\tnot the dam leaks\nCleo\tthe dam holds\nDora\tthe dam sings\n"
    );
    assert_eq!(
        run(&folder, &[&files[..], &["-c", "who said what about Dam | count"]].concat()).expect(0).out,
        "count\n4\n"
    );

    write("g.dixg.gz", gzip(&std::fs::read(folder.path().join("g.dixg")).unwrap()));
    let refused = run(&folder, &["g.dixg.gz", "-c", "who said what?"]).expect(2);
    assert!(refused.err.contains("unpack it first"), "{}", refused.err);
}

#[test]
fn a_packed_file_that_is_cut_off_is_an_error_that_says_where() {
    let text = rows(20_000);
    let folder = folder(&[]);
    for (name, packed) in [("a.jsonl.gz", gzip(text.as_bytes())), ("a.jsonl.zst", zstd(text.as_bytes()))] {
        std::fs::write(folder.path().join(name), &packed[..packed.len() / 2]).unwrap();
        let came = run(&folder, &["build", name, "-o", "g.dixg"]).expect(2);
        assert!(
            came.err.contains("ends early or is damaged at byte") && came.err.contains("rows before that"),
            "{}",
            came.err
        );
        assert!(!folder.path().join("g.dixg").exists());
    }
    std::fs::write(folder.path().join("b.dixit.gz"), &gzip(b"Anna said \"x\".")[..20]).unwrap();
    let came = run(&folder, &["b.dixit.gz", "-c", "who said what?"]).expect(2);
    assert!(came.err.contains("the gzip ends early"), "{}", came.err);
}

#[test]
fn little_that_unpacks_to_much_is_read_within_bounds() {
    // A line without end: passed over, as it would be unpacked.
    let folder = folder(&[]);
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    let much = vec![b'x'; 1 << 20];
    for _ in 0..300 {
        out.write_all(&much).unwrap();
    }
    let text = out.finish().unwrap();
    std::fs::write(folder.path().join("a.jsonl.gz"), &text).unwrap();
    let came = run(&folder, &["build", "a.jsonl.gz", "-o", "g.dixg"]).expect(1);
    assert!(came.err.contains("longer than 16 mebibytes"), "{}", came.err);
    std::fs::write(folder.path().join("a.dixit.gz"), &text).unwrap();
    let came = run(&folder, &["build", "a.dixit.gz", "-o", "g.dixg"]).expect(2);
    assert!(came.err.contains("more than 256 mebibytes"), "{}", came.err);
}

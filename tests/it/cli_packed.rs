//! Packed files: gzip and zstd are read as what is in them; what ends early or is damaged is told, and never breaks anything.

use super::cli::{folder, run};
use flate2::Compression;
use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use std::io::Write;

const SAMPLE: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/samples/peace-talks.dixit"));
const MAP: &str = "from csv: $who said $what.\n";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

#[test]
fn packed_files_are_read_as_what_is_in_them() {
    let folder = folder(&[("map.dixit", MAP)]);
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("plain.dixit", SAMPLE);
    run(&folder, &["build", "plain.dixit", "-o", "plain.dixg"]).expect(0);
    run(&folder, &["export", "plain.dixg", "--to", "jsonl", "-o", "rows.jsonl"]).expect(0);
    let rows = std::fs::read(folder.path().join("rows.jsonl")).unwrap();
    let half = rows.iter().take(rows.len() / 2).rposition(|byte| *byte == b'\n').unwrap() + 1;
    // Several parts are one text; what zstd says to skip is skipped; the name says nothing where the first bytes do.
    let skipped = [b"\x50\x2A\x4D\x18\x03\x00\x00\x00abc".as_slice(), &zstd(&rows[half..])].concat();
    for (name, bytes) in [
        ("a.dixit.gz", gzip(SAMPLE)),
        ("a.dixit.zst", zstd(SAMPLE)),
        ("a.dixit", gzip(SAMPLE)),
        ("b.jsonl.gz", [gzip(&rows[..half]), gzip(&rows[half..])].concat()),
        ("b.jsonl.zst", [zstd(&rows[..half]), skipped].concat()),
        ("b", zstd(&rows)),
    ] {
        write(name, &bytes);
        let count =
            ["-c", "who said what | count", "-c", "who said what via Reuters | show who, what, hedge"];
        let asked = |file: &str| run(&folder, &[&count[..], &[file]].concat()).expect(0).out;
        assert_eq!(asked(name), asked("rows.jsonl"), "{name}");
    }
    for (name, bytes) in [
        ("t.csv.gz", gzip(b"who,what\nAnna,P\nBoris,Q\n")),
        ("t.csv.zst", zstd(b"who,what\nAnna,P\nBoris,Q\n")),
    ] {
        write(name, &bytes);
        let came =
            run(&folder, &["--map", "map.dixit", name, "-c", "who said what | show who, what"]).expect(0);
        assert_eq!(came.out, "who\twhat\nAnna\tP\nBoris\tQ\n", "{name}");
    }
    let snapshot = gzip(&std::fs::read(folder.path().join("plain.dixg")).unwrap());
    write("s.dixg.gz", &snapshot);
    let came = run(&folder, &["s.dixg.gz", "-c", "who said what"]);
    assert!(came.status == Some(2) && came.err.contains("unpack it first"), "{came:#?}");
}

#[test]
fn what_ends_early_or_is_damaged_is_told() {
    let row =
        b"{\"sources\": [\"Anna\"], \"act\": \"said\", \"content\": \"something or other\"}\n".repeat(400);
    for (packed, name) in [(gzip(&row), "a.jsonl.gz"), (zstd(&row), "a.jsonl.zst")] {
        let folder = folder(&[]);
        for cut in [packed.len() - 1, packed.len() / 2, 12] {
            std::fs::write(folder.path().join(name), &packed[..cut]).unwrap();
            let came = run(&folder, &["build", name, "-o", "a.dixg"]);
            assert!(
                came.status == Some(2) && came.err.contains("ends early or is damaged"),
                "{cut} {came:#?}"
            );
            assert!(!folder.path().join("a.dixg").exists());
        }
    }
}

#[test]
fn any_packed_bytes_are_read_or_refused() {
    use std::io::Read;
    let row = b"{\"sources\": [\"Anna\"]}\n".repeat(30);
    for packed in [gzip(&row), zstd(&row)] {
        for at in 0..packed.len() {
            for bit in [1, 128] {
                let mut damaged = packed.clone();
                damaged[at] ^= bit;
                let Ok(reader) = dixit::formats::packed::Unpacked::new(std::io::Cursor::new(damaged)) else {
                    continue;
                };
                let mut out = Vec::new();
                let _ = reader.take(1 << 20).read_to_end(&mut out);
                assert!(out.len() <= 1 << 20);
            }
        }
    }
}

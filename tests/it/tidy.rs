//! The house is kept: every file says what it is, none is too long, and rooms import only what stands below them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Each room with the rooms that it may import.
const ROOMS: &[(&str, &[&str])] = &[
    ("threads", &[]),
    ("diag", &[]),
    ("model", &[]),
    ("syntax", &["diag", "threads"]),
    ("graph", &["model", "threads"]),
    ("reason", &["graph", "model"]),
    ("formats", &["syntax", "graph", "model", "diag", "threads"]),
    ("store", &["graph", "model"]),
    ("plan", &["reason", "syntax", "graph", "model", "diag"]),
    ("eval", &["plan", "reason", "graph", "model", "diag", "threads"]),
    ("render", &["eval", "reason", "formats", "graph", "model", "diag"]),
    ("db", &["eval", "plan", "reason", "store", "formats", "syntax", "graph", "model", "diag", "threads"]),
    ("cli", &["db", "render", "eval", "formats", "syntax", "graph", "model", "diag"]),
];

/// Names that say what kind of thing is inside and not what it is about.
const BUCKETS: &[&str] = &["util", "utils", "helpers", "types", "enums", "common", "misc"];

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

fn all_sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&root.join("src"), &mut files);
    sources(&root.join("tests"), &mut files);
    assert!(files.len() > 20);
    files
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            (path.strip_prefix(root).unwrap().to_path_buf(), text)
        })
        .collect()
}

#[test]
fn every_file_says_what_it_is_and_stays_short() {
    for (path, text) in all_sources() {
        assert!(text.starts_with("//!"), "{} has no //! head", path.display());
        assert!(text.lines().count() <= 600, "{} is longer than 600 lines", path.display());
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(!BUCKETS.contains(&stem.as_str()), "{} is named by kind", path.display());
        assert!(!text.contains(concat!("use crate", "::*")), "{} imports everything", path.display());
        let is_unsafe = text.contains(concat!("unsafe", " {")) || text.contains(concat!("unsafe", " impl"));
        assert!(!is_unsafe || path.ends_with("src/graph/section.rs"), "{} has unsafe code", path.display());
    }
}

#[test]
fn rooms_import_only_what_stands_below_them() {
    let known: BTreeSet<&str> = ROOMS.iter().map(|(room, _)| *room).collect();
    for (path, text) in all_sources() {
        let mut parts = path.components().map(|c| c.as_os_str().to_string_lossy().into_owned());
        if parts.next().as_deref() != Some("src") {
            continue;
        }
        let Some(room) = parts.next().filter(|part| !part.contains('.')) else { continue };
        let (_, allowed) = ROOMS.iter().find(|(name, _)| *name == room).expect("a room without rules");
        // What a file's own tests use is not part of the house.
        let body = text.split("#[cfg(test)]\nmod tests").next().unwrap_or("");
        for (at, _) in body.match_indices("crate::") {
            let target: String =
                body[at + 7..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if known.contains(target.as_str()) && target != room {
                assert!(
                    allowed.contains(&target.as_str()),
                    "{}: {room} may not import {target}",
                    path.display()
                );
            }
        }
    }
}

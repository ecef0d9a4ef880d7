//! What a process is spared before it answers. On Linux a question to a graph takes a process two milliseconds, and more than a fifth of that went
//! into what comes before it: finding the libraries of the system, mapping them, and moving tables of pointers to an address drawn at random. So the
//! program is linked to a fixed address (the code that reads strangers' files is safe Rust), and with its libraries in it where the compiler has
//! their archives; of these at least what unwinds the stack. `DIXIT_PIE=1` leaves the address and the libraries to the system, as some distributions
//! want it, `DIXIT_SHARED=1` the libraries alone.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The libraries that the compiler asks for, each with the archive that takes its place.
const LIBRARIES: [(&str, &str); 7] = [
    ("gcc_s", "gcc_eh"),
    ("util", "util"),
    ("rt", "rt"),
    ("pthread", "pthread"),
    ("m", "m"),
    ("dl", "dl"),
    ("c", "c"),
];

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=DIXIT_PIE");
    println!("cargo:rerun-if-env-changed=DIXIT_SHARED");
    let is_gnu_linux = var("CARGO_CFG_TARGET_OS") == "linux" && var("CARGO_CFG_TARGET_ENV") == "gnu";
    // A static program is told by whoever asks for one.
    if !is_gnu_linux || var("CARGO_CFG_TARGET_FEATURE").contains("crt-static") {
        return;
    }
    let fixed = var("DIXIT_PIE").is_empty();
    if fixed {
        println!("cargo:rustc-link-arg-bin=dixit=-no-pie");
    }
    let is_whole = fixed && var("DIXIT_SHARED").is_empty() && var("HOST") == var("TARGET");
    if is_whole && links_archives() && stand_in("whole", &LIBRARIES) {
        println!("cargo:rustc-link-arg-bin=dixit=-static");
    } else {
        stand_in("unwinder", &LIBRARIES[..1]);
    }
}

/// Has the linker find scripts that give archives where it looks for these libraries. False where one of them has none: then all is as usual.
fn stand_in(folder: &str, libraries: &[(&str, &str)]) -> bool {
    let folder = Path::new(&var("OUT_DIR")).join(folder);
    let archives: Option<Vec<PathBuf>> = libraries.iter().map(|(_, archive)| found(archive)).collect();
    let Some(archives) = archives.filter(|_| std::fs::create_dir_all(&folder).is_ok()) else { return false };
    for ((library, _), archive) in libraries.iter().zip(&archives) {
        // Another compiler has it elsewhere.
        println!("cargo:rerun-if-changed={}", archive.display());
        let script = format!("INPUT({})\n", archive.display());
        if std::fs::write(folder.join(format!("lib{library}.so")), script).is_err() {
            return false;
        }
    }
    println!("cargo:rustc-link-arg-bin=dixit=-L{}", folder.display());
    true
}

/// Where the linker has an archive; nothing where a script could not name it.
fn found(archive: &str) -> Option<PathBuf> {
    let told = Command::new(linker()).arg(format!("-print-file-name=lib{archive}.a")).output().ok()?;
    let path = PathBuf::from(String::from_utf8(told.stdout).ok()?.trim());
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '+');
    (path.is_absolute() && path.is_file() && path.to_str()?.chars().all(is_plain)).then_some(path)
}

/// Whether a program with its libraries in it can be made here: not every system has the archives that its compiler names.
fn links_archives() -> bool {
    let folder = var("OUT_DIR");
    let (source, program) = (Path::new(&folder).join("probe.c"), Path::new(&folder).join("probe"));
    let probe = "#include <math.h>\n#include <stdio.h>\nint main(int n, char **v) { return printf(\"%g\", pow(n, n)) < 0; }\n";
    let linked = || {
        Command::new(linker())
            .args(["-static", "-no-pie", "-o"])
            .arg(&program)
            .arg(&source)
            .arg("-lm")
            .output()
    };
    std::fs::write(&source, probe).is_ok()
        && linked().is_ok_and(|done| done.status.success())
        && Command::new(&program).output().is_ok_and(|done| done.status.success())
}

fn linker() -> String {
    Some(var("RUSTC_LINKER")).filter(|linker| !linker.is_empty()).unwrap_or("cc".into())
}

fn var(key: &str) -> String {
    std::env::var(key).unwrap_or_default()
}

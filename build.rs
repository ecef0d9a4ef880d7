//! What a process is spared before it answers. On Linux a question to a graph takes a process three milliseconds, and a fifteenth of that went
//! into moving its tables of pointers to an address drawn at random, as much into looking for the library of gcc that unwinds the stack, and
//! setting it up: the program is linked to a fixed address (the code that reads strangers' files is safe Rust), and with that library in it.
//! `DIXIT_PIE=1` leaves the address to the system, as some distributions want it.

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=DIXIT_PIE");
    let is_gnu_linux = var("CARGO_CFG_TARGET_OS") == "linux" && var("CARGO_CFG_TARGET_ENV") == "gnu";
    // A static program is told by whoever asks for one.
    if !is_gnu_linux || var("CARGO_CFG_TARGET_FEATURE").contains("crt-static") {
        return;
    }
    if var("DIXIT_PIE").is_empty() {
        println!("cargo:rustc-link-arg-bin=dixit=-no-pie");
    }
    // The compiler asks for `libgcc_s`, and finds a script here that gives the archive instead. Where there is none all is as usual.
    let folder = var("OUT_DIR");
    let link_archive = |archive: PathBuf| {
        // Another gcc has it elsewhere.
        println!("cargo:rerun-if-changed={}", archive.display());
        std::fs::write(Path::new(&folder).join("libgcc_s.so"), format!("INPUT({})\n", archive.display()))
    };
    if unwinder().map(link_archive).is_some_and(|written| written.is_ok()) {
        println!("cargo:rustc-link-arg-bin=dixit=-L{folder}");
    }
}

/// Where the linker has the archive of what unwinds the stack; nothing where a script could not name it.
fn unwinder() -> Option<PathBuf> {
    let linker = Some(var("RUSTC_LINKER")).filter(|linker| !linker.is_empty()).unwrap_or("cc".into());
    let told = Command::new(linker).arg("-print-file-name=libgcc_eh.a").output().ok()?;
    let path = PathBuf::from(String::from_utf8(told.stdout).ok()?.trim());
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '+');
    (path.is_absolute() && path.is_file() && path.to_str()?.chars().all(is_plain)).then_some(path)
}

fn var(key: &str) -> String {
    std::env::var(key).unwrap_or_default()
}

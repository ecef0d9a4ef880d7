//! How the program is linked on Linux, so that it starts fast; the library is not touched. Where anything is not sure to work it is left out:
//! then the program is the same, and starts a quarter of a millisecond later.

use std::env::var;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=RUSTC_LINKER");
    let target = |of: &str| var(format!("CARGO_CFG_TARGET_{of}")).unwrap_or_default();
    let is_static = target("FEATURE").split(',').any(|feature| feature == "crt-static");
    if target("OS") != "linux" || target("ENV") != "gnu" || is_static || var("TARGET") != var("HOST") {
        return;
    }
    // At an address that the linker chooses, eighteen thousand pointers are right in the file. Elsewhere each start puts them right, in eighty
    // pages of its own, which takes longer than many questions.
    println!("cargo::rustc-link-arg-bins=-no-pie");
    if let Some(folder) = unwinder() {
        println!("cargo::rustc-link-arg-bins=-L{}", folder.display());
    }
}

/// A folder in which the linker finds, for the shared library that unwinds the stack, the same code to be linked in. To load the shared one,
/// and to let it look which processor this is, takes as long as to open a graph.
fn unwinder() -> Option<PathBuf> {
    let linker = var("RUSTC_LINKER").unwrap_or_else(|_| "cc".into());
    let told = Command::new(linker).arg("-print-file-name=libgcc_eh.a").output().ok()?;
    let name = String::from_utf8(told.stdout).ok()?;
    let archive = Path::new(name.trim());
    let folder = PathBuf::from(var("OUT_DIR").ok()?);
    if !archive.is_absolute() || !archive.is_file() {
        return None;
    }
    std::fs::write(folder.join("libgcc_s.so"), "INPUT ( -lgcc_eh )\n").ok()?;
    Some(folder)
}

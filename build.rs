//! Links the program to a fixed address on Linux. A process that asks one question of a graph takes three milliseconds, and a fifteenth of
//! that went into moving its tables of pointers to an address drawn at random; the code that reads strangers' files is safe Rust.
//! `DIXIT_PIE=1` leaves the address to the system, as some distributions want it.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=DIXIT_PIE");
    let var = |key: &str| std::env::var(key).unwrap_or_default();
    let is_gnu_linux = var("CARGO_CFG_TARGET_OS") == "linux" && var("CARGO_CFG_TARGET_ENV") == "gnu";
    // A static program is told by whoever asks for one.
    let is_static = var("CARGO_CFG_TARGET_FEATURE").contains("crt-static");
    if is_gnu_linux && !is_static && var("DIXIT_PIE").is_empty() {
        println!("cargo:rustc-link-arg-bin=dixit=-no-pie");
    }
}

//! Links the program to a fixed address on Linux. A process that asks one question of a graph takes three milliseconds, and a fifteenth of
//! that went into moving its tables of pointers to an address drawn at random; the code that reads strangers' files is safe Rust.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let target = |key: &str| std::env::var(key).unwrap_or_default();
    let is_gnu_linux = target("CARGO_CFG_TARGET_OS") == "linux" && target("CARGO_CFG_TARGET_ENV") == "gnu";
    // A static program is told by whoever asks for one.
    if is_gnu_linux && !target("CARGO_CFG_TARGET_FEATURE").contains("crt-static") {
        println!("cargo:rustc-link-arg-bin=dixit=-no-pie");
    }
}

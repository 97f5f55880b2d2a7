//! Has the trainer export its constructors, for `worker-boot.js` to call once.
//!
//! burn's GPU compiler registers things by constructors. If nobody calls these, the linker takes the module for a program
//! that is run once, and has every exported function call them all again (see the documentation of the crate `inventory`).

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let wasm = std::env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm");
    if wasm && std::env::var_os("CARGO_FEATURE_UI").is_some() {
        println!("cargo::rustc-link-arg-bin=page=--emit-relocs");
    }
    if wasm && std::env::var_os("CARGO_FEATURE_TRAINER_WEB").is_some() {
        println!("cargo::rustc-link-arg-bin=trainer=--export=__wasm_call_ctors");
    }
}

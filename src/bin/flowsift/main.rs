//! `flowsift`: the page's engine without a browser. Files in, files out; the same scores, bit for bit.

#[cfg(not(target_arch = "wasm32"))]
mod command;
#[cfg(not(target_arch = "wasm32"))]
mod host;
#[cfg(not(target_arch = "wasm32"))]
mod run;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    run::main()
}

/// There is no command in a browser.
#[cfg(target_arch = "wasm32")]
fn main() {}

//! `wasm-bindgen [--target=web] [--no-typescript] [--keep-debug] --out-dir=DIR --out-name=NAME FILE.wasm`, and `--version`:
//! what the build of the site and trunk ask of wasm-bindgen, by the library that wasm-bindgen's own command line calls.

use std::{error::Error, process::ExitCode};

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wasm-bindgen: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: impl Iterator<Item = String>) -> Result<(), Box<dyn Error>> {
    let (mut folder, mut input) = (None, None);
    let mut bindgen = Bindgen::new();
    bindgen.web(true)?.omit_default_module_path(false);
    while let Some(argument) = arguments.next() {
        let (option, value) = match argument.split_once('=') {
            Some((option, value)) => (option, Some(value.to_owned())),
            None => (argument.as_str(), None),
        };
        let mut value = || value.clone().or_else(|| arguments.next()).ok_or(format!("`{option}` wants a value"));
        match option {
            "--version" => {
                println!("wasm-bindgen {}", env!("CARGO_PKG_VERSION"));
                return Ok(());
            }
            "--target" if value()? == "web" => {}
            "--no-typescript" => {
                bindgen.typescript(false);
            }
            "--keep-debug" => {
                bindgen.keep_debug(true);
            }
            "--out-dir" => folder = Some(value()?),
            "--out-name" => {
                bindgen.out_name(&value()?);
            }
            _ if option.starts_with('-') => {
                return Err(format!("`{argument}` is not known here; wasm-bindgen-cli knows more").into());
            }
            _ => {
                bindgen.input_path(&argument);
                input = Some(argument);
            }
        }
    }
    let folder = folder.filter(|_| input.is_some()).ok_or("wants --out-dir=DIR and a file of wasm")?;
    Ok(bindgen.generate(folder)?)
}

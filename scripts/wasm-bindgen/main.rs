//! `wasm-bindgen [--target=web] [--no-typescript] [--keep-debug] --out-dir=DIR --out-name=NAME FILE.wasm`, and `--version`:
//! what the build of the site and trunk ask of wasm-bindgen, by the library that wasm-bindgen's own command line calls.
//!
//! A program that names parts of itself to load when they are needed (`#[wasm_split]`) is split first: the parts, and the
//! script that loads them, come into `DIR/snippets/NAME`, a folder that trunk takes along.

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::Options;

/// How the name of what loads a part begins.
const SPLIT: &[u8] = b"__wasm_split_load_";

/// How the script that is made compiles a part, which only works where the host says that it is wasm, and how it does elsewhere, too.
const STREAMING: &str = "WebAssembly.instantiateStreaming(src, imports)";
const ANYWHERE: &str = "instantiate(await src, imports)";
const INSTANTIATE: &str = r#"
async function instantiate(response, imports) {
    if (response.headers.get("content-type") === "application/wasm") return WebAssembly.instantiateStreaming(response, imports);
    return WebAssembly.instantiate(await response.arrayBuffer(), imports);
}
"#;

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
    let (mut folder, mut name, mut input) = (None, None, None);
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
                println!("wasm-bindgen {} (splits)", env!("CARGO_PKG_VERSION"));
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
            "--out-name" => name = Some(value()?),
            _ if option.starts_with('-') => {
                return Err(format!("`{argument}` is not known here; wasm-bindgen-cli knows more").into());
            }
            _ => input = Some(argument),
        }
    }
    let (Some(folder), Some(name), Some(input)) = (folder, name, input) else {
        return Err("wants --out-dir=DIR, --out-name=NAME and a file of wasm".into());
    };
    bindgen.out_name(&name);
    let whole = fs::read(&input)?;
    if whole.windows(SPLIT.len()).any(|name| name == SPLIT) {
        let main = split(&whole, Path::new(&folder), &name)?;
        // What the parts import from it, nothing in it exports by itself.
        bindgen.input_path(&main).keep_lld_exports(true).generate(&folder)?;
        fs::remove_file(main)?;
    } else {
        bindgen.input_path(input).generate(folder)?;
    }
    Ok(())
}

/// Splits a program; the path of its first part, which wasm-bindgen goes on with.
fn split(whole: &[u8], folder: &Path, name: &str) -> Result<PathBuf, Box<dyn Error>> {
    let parts = folder.join("snippets").join(name);
    if parts.exists() {
        fs::remove_dir_all(&parts)?;
    }
    fs::create_dir_all(&parts)?;
    let main = folder.join(format!("{name}-first.wasm"));
    let (script, module) = (format!("./snippets/{name}/parts.js"), format!("../../{name}.js"));
    let mut options = Options::new(whole);
    options.output_dir = folder;
    options.link_name = &script;
    options.main_module = &module;
    options.main_out_path = &main;
    let split = wasm_split_cli_support::transform(options).map_err(|error| format!("{error:#}"))?;
    // The script looks for them beside it.
    for part in split.split_modules {
        fs::rename(&part, parts.join(part.file_name().ok_or("a part has no name")?))?;
    }
    let script = parts.join("parts.js");
    let text = fs::read_to_string(&script)?;
    if !text.contains(STREAMING) {
        return Err(format!("the script of parts does not call `{STREAMING}`").into());
    }
    fs::write(script, text.replace(STREAMING, ANYWHERE) + INSTANTIATE)?;
    Ok(main)
}

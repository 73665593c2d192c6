//! Stands before the real wasm-bindgen in PATH while Trunk builds the released page, because Trunk has no hook between
//! cargo and wasm-bindgen: splits the module that cargo linked, then hands its first part on.
//!
//! Two variables say what to do: `WASM_BINDGEN` is the real program, `SPLIT_PARTS` the folder for the parts and for the
//! script that loads the later ones. Trunk calls
//! `wasm-bindgen --target=web --out-dir=D --out-name=N module.wasm --no-typescript`, and `wasm-bindgen --version`.

use std::env;
use std::ffi::OsString;
use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// The script that loads the later parts; the first part imports it by this name.
const LOADER: &str = "./__wasm_split.js";
/// What wasm-bindgen may not touch, or the later parts do not find what they share with the first.
const KEEPING: [&str; 2] = ["--keep-lld-exports", "--no-demangle"];

fn main() -> ExitCode {
    match perform(env::args().skip(1).collect()) {
        Ok(code) => code,
        Err(sentence) => {
            eprintln!("The splitter before wasm-bindgen: {sentence}.");
            ExitCode::FAILURE
        }
    }
}

fn perform(mut arguments: Vec<String>) -> Result<ExitCode, String> {
    let real = variable("WASM_BINDGEN")?;
    if let Some(call) = Call::read(&arguments) {
        let parts = PathBuf::from(variable("SPLIT_PARTS")?);
        arguments[call.module] = split(&arguments[call.module], &call.glue, &parts)?;
        arguments.extend(KEEPING.map(str::to_owned));
    }
    let status = Command::new(&real)
        .args(&arguments)
        .status()
        .map_err(|cause| format!("{} could not be started: {cause}", real.to_string_lossy()))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

fn variable(name: &str) -> Result<OsString, String> {
    env::var_os(name).ok_or_else(|| format!("the variable {name} is not set"))
}

/// What a call says that is about a module.
#[derive(Debug, PartialEq, Eq)]
struct Call {
    /// The place of the module among the arguments.
    module: usize,
    /// The name of the script that wasm-bindgen will write.
    glue: String,
}

impl Call {
    /// `None` for `--version` and the like.
    fn read(arguments: &[String]) -> Option<Self> {
        let module = arguments
            .iter()
            .position(|argument| argument.ends_with(".wasm"))?;
        let name = arguments
            .iter()
            .find_map(|argument| argument.strip_prefix("--out-name="))?;
        Some(Self {
            module,
            glue: format!("./{name}.js"),
        })
    }
}

/// Writes the parts; answers where the first one is.
fn split(module: &str, glue: &str, parts: &Path) -> Result<String, String> {
    let bytes = fs::read(module).map_err(|cause| cannot("read", module, &cause))?;
    // Parts of the build before would be taken for this one's.
    let _ = fs::remove_dir_all(parts);
    fs::create_dir_all(parts).map_err(|cause| cannot("made", &parts.display(), &cause))?;
    let first = parts.join("first.wasm");
    let mut options = wasm_split_cli_support::Options::new(&bytes);
    options.output_dir = parts;
    options.main_out_path = &first;
    options.main_module = glue;
    options.link_name = LOADER;
    let done = wasm_split_cli_support::transform(options)
        .map_err(|cause| cannot("split", module, &format!("{cause:#}")))?;
    eprintln!(
        "Split {} bytes into a first part and {} more",
        bytes.len(),
        done.split_modules.len()
    );
    Ok(first.to_string_lossy().into_owned())
}

fn cannot(what: &str, path: &(impl Display + ?Sized), cause: &impl Display) -> String {
    format!("{path} cannot be {what}: {cause}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn the_module_and_the_scripts_name_are_read_from_trunks_call() {
        let call =
            words("--target=web --out-dir=/d --out-name=page-1a /b/page.wasm --no-typescript");
        let wanted = Call {
            module: 3,
            glue: "./page-1a.js".to_owned(),
        };
        assert_eq!(Call::read(&call), Some(wanted));
    }

    #[test]
    fn a_call_without_a_module_is_handed_on_as_it_is() {
        assert_eq!(Call::read(&words("--version")), None);
    }
}

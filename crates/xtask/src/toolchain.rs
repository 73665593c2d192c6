//! The toolchain that builds the page: rustup's where it has the wasm32 target, the distribution's otherwise.
//!
//! A distribution's compiler brings no standard library for wasm32, but its source; cargo then builds the library
//! itself. Environment variables are enough for that, so the repository needs no nightly-only settings.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::paths;
use crate::problem::{Problem, Result};
use crate::run;

/// The target of the page.
pub const TARGET: &str = "wasm32-unknown-unknown";
/// The variable that makes cargo build the standard library itself, for a target that it is told.
pub const BUILD_STD: &str = "CARGO_UNSTABLE_BUILD_STD";
/// Where the distribution's programs lie.
const DISTRIBUTION: &str = "/usr/bin";

/// Who compiles the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WasmToolchain {
    /// The active toolchain has the target's standard library, and its source.
    Active,
    /// The distribution's compiler, which builds the library from its source and links with `wasm-ld-{llvm}`.
    Distribution {
        /// The major version of the compiler's LLVM.
        llvm: u32,
    },
}

impl WasmToolchain {
    /// The toolchain that is ready for use, if any.
    ///
    /// `BATCH_RUNNER_WASM=distribution` passes over the active toolchain, to try the other way on a machine that has
    /// both.
    pub fn find() -> Option<Self> {
        if !distribution_wanted() && active_is_ready() {
            return Some(Self::Active);
        }
        distribution_is_ready().map(|llvm| Self::Distribution { llvm })
    }

    /// The toolchain, or a sentence about its absence.
    pub fn ready() -> Result<Self> {
        Self::find().ok_or_else(|| {
            Problem::new("No toolchain for the page is installed: run `cargo xtask setup`")
        })
    }

    /// The major version of the compiler's LLVM, which the tools that read its output must share.
    pub fn llvm(&self) -> Result<u32> {
        match self {
            Self::Distribution { llvm } => Ok(*llvm),
            Self::Active => llvm_of(&mut run::command("rustc")).ok_or_else(|| {
                Problem::new("`rustc -vV` does not tell its LLVM: check the Rust toolchain")
            }),
        }
    }

    /// The variables to set (`Some`) or to remove (`None`) for a build of the page.
    pub fn variables(&self) -> Result<Vec<(String, Option<OsString>)>> {
        let mut variables = vec![
            ("PATH".to_owned(), Some(path_with(&self.folders()?)?)),
            (
                "CARGO_TARGET_DIR".to_owned(),
                Some(paths::wasm_target().into()),
            ),
            // A person's own flags would build the page anew, or another one.
            ("RUSTFLAGS".to_owned(), None),
        ];
        if let Self::Distribution { llvm } = self {
            let linker = format!("wasm-ld-{llvm}");
            for (name, value) in [
                ("RUSTC_BOOTSTRAP", "1"),
                (BUILD_STD, "std,panic_abort"),
                ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", &linker),
            ] {
                variables.push((name.to_owned(), Some(value.into())));
            }
            // rustup's cargo hands these on, and they would lead back to its own compiler and libraries.
            for name in [
                "RUSTUP_TOOLCHAIN",
                "CARGO",
                "RUSTC",
                "RUSTDOC",
                "LD_LIBRARY_PATH",
            ] {
                variables.push((name.to_owned(), None));
            }
        }
        Ok(variables)
    }

    /// What makes the released page small: the standard library is built with it, for size, and a panic ends the page
    /// at once instead of carrying the code that words it. Both need the compiler's unstable options, which the
    /// variable `RUSTC_BOOTSTRAP` opens; a debug build of the page words its panics. For a page in parts the linker
    /// keeps what the splitter reads: what refers to what.
    pub fn released_variables(in_parts: bool) -> [(&'static str, String); 4] {
        let linked = if in_parts {
            " -Clink-args=--emit-relocs"
        } else {
            ""
        };
        [
            ("RUSTC_BOOTSTRAP", "1".to_owned()),
            ("CARGO_UNSTABLE_BUILD_STD", "std".to_owned()),
            (
                "CARGO_UNSTABLE_BUILD_STD_FEATURES",
                "optimize_for_size".to_owned(),
            ),
            (
                "RUSTFLAGS",
                format!(
                    "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none --cfg=erase_components{linked}"
                ),
            ),
        ]
    }

    /// PATH for a build of the page, with one more folder before all others.
    pub fn path_behind(&self, folder: PathBuf) -> Result<OsString> {
        let mut folders = vec![folder];
        folders.extend(self.folders()?);
        path_with(&folders)
    }

    /// The folders of the page's tools.
    fn folders(&self) -> Result<Vec<PathBuf>> {
        let mut folders = crate::tools::folders()?;
        if *self != Self::Active {
            folders.push(PathBuf::from(DISTRIBUTION));
        }
        Ok(folders)
    }

    /// A program started for a build of the page.
    pub fn command(&self, program: &str) -> Result<Command> {
        // Looked up in the new PATH here, because the search for the program itself uses the old one.
        let variables = self.variables()?;
        let path = variables
            .iter()
            .find_map(|(name, value)| value.clone().filter(|_| name == "PATH"));
        let found = path.and_then(|path| {
            env::split_paths(&path)
                .map(|folder| folder.join(program))
                .find(|candidate| candidate.is_file())
        });
        let mut command = run::command(found.unwrap_or_else(|| PathBuf::from(program)));
        for (name, value) in variables {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        Ok(command)
    }

    /// A few words for people.
    pub fn name(&self) -> String {
        match self {
            Self::Active => "the active Rust toolchain".to_owned(),
            Self::Distribution { llvm } => {
                format!("the distribution's Rust toolchain, which builds std itself (LLVM {llvm})")
            }
        }
    }
}

/// Whether a person asked for the distribution's toolchain.
pub fn distribution_wanted() -> bool {
    env::var("BATCH_RUNNER_WASM").is_ok_and(|value| value == "distribution")
}

/// Whether the active toolchain has all that the page is built from.
pub fn active_is_ready() -> bool {
    active_has_target() && active_has_source()
}

/// Whether the active toolchain has the source of the standard library.
pub fn active_has_source() -> bool {
    run::ask(run::command("rustc").args(["--print", "sysroot"]))
        .is_some_and(|sysroot| has_source(Path::new(&sysroot)))
}

/// Whether the active toolchain has the standard library for wasm32.
pub fn active_has_target() -> bool {
    let folder =
        run::ask(run::command("rustc").args(["--print", "target-libdir", "--target", TARGET]));
    folder.is_some_and(|folder| has_library(Path::new(&folder)))
}

/// The distribution's compiler's LLVM, if the compiler is installed.
pub fn distribution_llvm() -> Option<u32> {
    llvm_of(&mut distribution_command("rustc"))
}

/// Whether the distribution's library source is installed with its compiler.
pub fn distribution_has_source() -> bool {
    let sysroot = run::ask(distribution_command("rustc").args(["--print", "sysroot"]));
    sysroot.is_some_and(|sysroot| has_source(Path::new(&sysroot)))
}

fn has_source(sysroot: &Path) -> bool {
    sysroot
        .join("lib/rustlib/src/rust/library/std/Cargo.toml")
        .is_file()
}

/// Whether one of the distribution's programs is there.
pub fn distribution_has(program: &str) -> bool {
    Path::new(DISTRIBUTION).join(program).is_file()
}

fn distribution_is_ready() -> Option<u32> {
    let llvm = distribution_llvm()?;
    let complete = distribution_has("cargo")
        && distribution_has_source()
        && distribution_has(&format!("wasm-ld-{llvm}"));
    complete.then_some(llvm)
}

fn distribution_command(program: &str) -> Command {
    let mut command = run::command(Path::new(DISTRIBUTION).join(program));
    command.env_remove("LD_LIBRARY_PATH");
    command
}

fn has_library(folder: &Path) -> bool {
    folder.read_dir().is_ok_and(|entries| {
        entries.flatten().any(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with("libstd-") && name.ends_with(".rlib")
        })
    })
}

fn llvm_of(rustc: &mut Command) -> Option<u32> {
    llvm_in(&run::ask(rustc.arg("-vV"))?)
}

/// The major version in the words of `rustc -vV`.
fn llvm_in(words: &str) -> Option<u32> {
    words
        .lines()
        .find_map(|line| line.strip_prefix("LLVM version: "))?
        .split('.')
        .next()?
        .parse()
        .ok()
}

/// PATH with `folders` first; rustup's own folder stays in it, or cargo would put it before everything else when it
/// looks for `cargo-clippy`.
fn path_with(folders: &[PathBuf]) -> Result<OsString> {
    let old = env::var_os("PATH").unwrap_or_default();
    let mut all: Vec<PathBuf> = folders.to_vec();
    all.extend(env::split_paths(&old));
    let cargo_home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| paths::home().map(|home| home.join(".cargo")));
    if let Some(home) = cargo_home {
        all.push(home.join("bin"));
    }
    env::join_paths(all).map_err(|cause| {
        Problem::new(format!(
            "A folder's name does not fit into PATH, rename it: {cause}"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_llvm_version_is_read_from_the_compilers_words() {
        assert_eq!(llvm_in("rustc 1.96.0\nLLVM version: 22.1.8"), Some(22));
        assert_eq!(llvm_in("rustc 1.96.0"), None);
    }
}

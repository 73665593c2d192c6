//! The LLVM programs that read what an instrumented build writes: their major version must be the compiler's.

use std::fs;
use std::path::{Path, PathBuf};

use crate::packages::{Packages, apt_install, brew_install};
use crate::paths;
use crate::problem::{Explain, Problem, Result};
use crate::run;

/// The programs of one LLVM.
pub struct Llvm {
    /// `clang`.
    pub clang: PathBuf,
    /// `llvm-ar`.
    pub ar: PathBuf,
    /// `llvm-profdata`.
    pub profdata: PathBuf,
    /// `llvm-cov`.
    pub cov: PathBuf,
}

impl Llvm {
    /// The programs of this major version, if all of them are there.
    pub fn find(major: u32) -> Option<Self> {
        let program = |name: &str| program(name, major);
        Some(Self {
            clang: program("clang")?,
            ar: program("llvm-ar")?,
            profdata: program("llvm-profdata")?,
            cov: program("llvm-cov")?,
        })
    }

    /// A folder that has `clang` and `llvm-ar` under these plain names, which build scripts look for.
    pub fn plain_names(&self) -> Result<PathBuf> {
        let folder = paths::coverage_target().join("plain-names");
        fs::create_dir_all(&folder)
            .explain(|| format!("The folder {} cannot be made", folder.display()))?;
        for (name, program) in [("clang", &self.clang), ("llvm-ar", &self.ar)] {
            let link = folder.join(name);
            let _ = fs::remove_file(&link);
            link_to(program, &link)
                .explain(|| format!("The link {} cannot be made", link.display()))?;
        }
        folder
            .canonicalize()
            .explain(|| format!("The folder {} cannot be read", folder.display()))
    }
}

/// Installs the programs when they are missing.
pub fn install_missing(major: u32) -> Result<()> {
    if Llvm::find(major).is_some() {
        println!("  LLVM {major} for the coverage report: there");
        return Ok(());
    }
    let why = "Measuring coverage";
    match Packages::find() {
        Some(Packages::Apt) => {
            apt_install(&[&format!("llvm-{major}"), &format!("clang-{major}")], why)?;
        }
        // The newest formula has no number in its name, the older ones have.
        Some(Packages::Homebrew) => {
            let numbered = format!("llvm@{major}");
            if brew_install(&[&numbered], false, why).is_err() {
                brew_install(&["llvm"], false, why)?;
            }
        }
        None => {}
    }
    ready(major).map(drop)
}

/// The programs, or a sentence.
pub fn ready(major: u32) -> Result<Llvm> {
    Llvm::find(major).ok_or_else(|| {
        Problem::new(format!(
            "Coverage needs clang, llvm-ar, llvm-profdata and llvm-cov of LLVM {major}, the compiler's own: install \
             that version and put its programs on PATH"
        ))
    })
}

fn program(name: &str, major: u32) -> Option<PathBuf> {
    let numbered = format!("{name}-{major}");
    let places = [
        format!("/opt/homebrew/opt/llvm@{major}/bin"),
        "/opt/homebrew/opt/llvm/bin".to_owned(),
        format!("/usr/local/opt/llvm@{major}/bin"),
        "/usr/local/opt/llvm/bin".to_owned(),
        format!("/usr/lib/llvm-{major}/bin"),
    ];
    paths::find_program(&[&numbered])
        .or_else(|| {
            places
                .iter()
                .map(|place| Path::new(place).join(name))
                .find(|path| path.is_file() && is_of(path, major))
        })
        .or_else(|| paths::find_program(&[name]).filter(|path| is_of(path, major)))
}

fn is_of(program: &Path, major: u32) -> bool {
    run::ask(run::command(program).arg("--version"))
        .is_some_and(|words| words.contains(&format!("version {major}.")))
}

#[cfg(unix)]
fn link_to(program: &Path, link: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(program, link)
}

#[cfg(not(unix))]
fn link_to(program: &Path, link: &Path) -> std::io::Result<()> {
    fs::copy(program, link).map(drop)
}

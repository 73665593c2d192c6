//! Gets what a command needs, and only that: a person who wants to see the page needs no browser driver.

use std::fs;
use std::time::Duration;

use crate::browser;
use crate::llvm;
use crate::packages::{Packages, apt_install};
use crate::paths;
use crate::problem::{Problem, Result};
use crate::run;
use crate::toolchain::{self, TARGET, WasmToolchain};
use crate::tools;

/// rustup's servers answer in seconds or not at all.
const RUSTUP_LIMIT: Duration = Duration::from_secs(180);

/// What the set-up is for; each one includes those before it where it needs them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Building and serving the page.
    Build,
    /// Measuring it in a browser.
    Bench,
    /// Everything, the tests too.
    Test,
}

/// Installs what is missing for the purpose.
pub fn prepare(purpose: Purpose) -> Result<WasmToolchain> {
    println!("Setting up");
    let toolchain = wasm_toolchain()?;
    println!("  compiler of the page: {}", toolchain.name());
    tools::npm_is_there()?;
    tools::install_missing()?;
    if purpose != Purpose::Build {
        browser::install_missing(purpose == Purpose::Test)?;
        npm_packages()?;
    }
    if purpose == Purpose::Test {
        linter_of(&toolchain)?;
        llvm::install_missing(toolchain.llvm()?)?;
    }
    Ok(toolchain)
}

/// Sets up only if something is missing that a build needs; says nothing otherwise.
pub fn ready_to_build() -> Result<WasmToolchain> {
    let complete = tools::folders()?.iter().all(|folder| folder.is_dir());
    match WasmToolchain::find() {
        Some(toolchain) if complete => Ok(toolchain),
        _ => prepare(Purpose::Build),
    }
}

fn wasm_toolchain() -> Result<WasmToolchain> {
    if let Some(toolchain) = WasmToolchain::find() {
        return Ok(toolchain);
    }
    if !toolchain::distribution_wanted() && target_from_rustup() {
        return WasmToolchain::ready();
    }
    if Packages::find() != Some(Packages::Apt) {
        return Err(Problem::new(format!(
            "The standard library for {TARGET} and its source could not be had: run `rustup target add {TARGET}` \
             and `rustup component add rust-src` where rustup's servers can be reached, then try again"
        )));
    }
    let why = "Building the page without rustup's servers";
    apt_install(&["rustc-web", "cargo-web", "rust-web-src"], why)?;
    let llvm = toolchain::distribution_llvm().ok_or_else(|| {
        Problem::new("/usr/bin/rustc does not tell its LLVM: check the package rustc-web")
    })?;
    apt_install(&[&format!("lld-{llvm}")], why)?;
    WasmToolchain::ready()
}

fn target_from_rustup() -> bool {
    if paths::find_program(&["rustup"]).is_none() {
        return false;
    }
    let add = |label, arguments: [&str; 3]| {
        let added = run::watched_within(
            label,
            run::command("rustup").args(arguments),
            Some(RUSTUP_LIMIT),
        );
        added.is_ok_and(|finished| finished.ok)
    };
    (toolchain::active_has_target() || add("rustup target add", ["target", "add", TARGET]))
        && (toolchain::active_has_source()
            || add("rustup component add", ["component", "add", "rust-src"]))
        && toolchain::active_is_ready()
}

/// Clippy belongs to the compiler whose libraries it reads.
fn linter_of(toolchain: &WasmToolchain) -> Result<()> {
    if *toolchain == WasmToolchain::Active {
        return Ok(());
    }
    if toolchain::distribution_has("clippy-driver") && toolchain::distribution_has("cargo-clippy") {
        println!("  clippy of the page's compiler: there");
        return Ok(());
    }
    apt_install(&["rust-web-clippy"], "Linting the page")
}

fn npm_packages() -> Result<()> {
    let folder = paths::workspace().join("e2e");
    let lock = folder.join("package-lock.json");
    // npm writes this file last.
    let installed = folder.join("node_modules/.package-lock.json");
    let changed = |path| fs::metadata(path).and_then(|data| data.modified()).ok();
    if changed(&installed).is_some_and(|at| Some(at) >= changed(&lock)) {
        println!("  npm packages of e2e: there");
        return Ok(());
    }
    println!("  npm packages of e2e: installing");
    run::must(
        "npm ci",
        run::command("npm")
            .current_dir(&folder)
            .args(["ci", "--no-audit", "--no-fund"])
            // The browser comes from the system.
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
    )?;
    Ok(())
}

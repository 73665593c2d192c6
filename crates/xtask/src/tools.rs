//! The pinned tools that build the page: Trunk, wasm-bindgen, wasm-opt and esbuild, kept in a cache outside the repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::paths;
use crate::problem::{Explain, Problem, Result};
use crate::run;

/// The version of Trunk; 0.22 wants a newer compiler than the one that Debian has.
const TRUNK: &str = "0.21.14";
/// The version of wasm-bindgen, which must be that of the crate in Cargo.lock.
const WASM_BINDGEN: &str = "0.2.126";
/// The version of the npm package that carries wasm-opt.
const BINARYEN: &str = "132.0.0";
/// The version of esbuild, which joins and minifies scripts and styles.
const ESBUILD: &str = "0.28.2";

/// A pinned tool and how it gets here.
struct Tool {
    name: &'static str,
    version: &'static str,
    /// The programs' folder inside the tool's own.
    programs: &'static str,
    /// A program that is there once the tool is.
    proof: &'static str,
    expectation: &'static str,
    install: fn(&Path) -> Result<()>,
}

const TOOLS: [Tool; 4] = [
    Tool {
        name: "wasm-bindgen",
        version: WASM_BINDGEN,
        programs: "bin",
        proof: "wasm-bindgen",
        expectation: "about 2 minutes, once",
        install: install_wasm_bindgen,
    },
    Tool {
        name: "trunk",
        version: TRUNK,
        programs: "bin",
        proof: "trunk",
        expectation: "about 7 minutes, once",
        install: install_trunk,
    },
    Tool {
        name: "binaryen",
        version: BINARYEN,
        programs: "node_modules/.bin",
        proof: "wasm-opt",
        expectation: "some seconds, once",
        install: |into| install_from_npm(into, "binaryen", BINARYEN),
    },
    Tool {
        name: "esbuild",
        version: ESBUILD,
        programs: "node_modules/.bin",
        proof: "esbuild",
        expectation: "some seconds, once",
        install: |into| install_from_npm(into, "esbuild", ESBUILD),
    },
];

impl Tool {
    fn home(&self) -> Result<PathBuf> {
        Ok(paths::cache()?.join(format!("{}-{}", self.name, self.version)))
    }

    fn is_installed(&self) -> Result<bool> {
        Ok(self.home()?.join(self.programs).join(self.proof).exists())
    }
}

/// The folders of the tools' programs, for PATH.
pub fn folders() -> Result<Vec<PathBuf>> {
    TOOLS
        .iter()
        .map(|tool| Ok(tool.home()?.join(tool.programs)))
        .collect()
}

/// The program of wasm-bindgen, which the splitter calls when it has split.
pub fn wasm_bindgen() -> Result<PathBuf> {
    let home = paths::cache()?.join(format!("wasm-bindgen-{WASM_BINDGEN}"));
    Ok(home
        .join("bin")
        .join(format!("wasm-bindgen{}", std::env::consts::EXE_SUFFIX)))
}

/// The program of wasm-opt.
pub fn wasm_opt() -> Result<PathBuf> {
    let home = paths::cache()?.join(format!("binaryen-{BINARYEN}"));
    Ok(home.join("node_modules/.bin/wasm-opt"))
}

/// The JavaScript module of esbuild.
pub fn esbuild() -> Result<PathBuf> {
    let home = paths::cache()?.join(format!("esbuild-{ESBUILD}"));
    Ok(home.join("node_modules/esbuild/lib/main.js"))
}

/// Installs what is missing.
pub fn install_missing() -> Result<()> {
    for tool in &TOOLS {
        let label = format!("{} {}", tool.name, tool.version);
        if tool.is_installed()? {
            println!("  {label}: there");
            continue;
        }
        println!("  {label}: installing ({})", tool.expectation);
        install(tool)?;
    }
    Ok(())
}

/// Installs into a folder of another name, which gets its real name when it is whole: an interrupted installation is
/// never taken for a finished one.
fn install(tool: &Tool) -> Result<()> {
    let home = tool.home()?;
    let unfinished = home.with_file_name(format!(
        ".unfinished-{}-{}-{}",
        tool.name,
        tool.version,
        std::process::id()
    ));
    fs::create_dir_all(&unfinished)
        .explain(|| format!("The folder {} cannot be made", unfinished.display()))?;
    let installed = (tool.install)(&unfinished);
    if let Err(problem) = installed {
        // The next try starts afresh; what cannot be removed now does no harm under this name.
        let _ = fs::remove_dir_all(&unfinished);
        return Err(problem);
    }
    let _ = fs::remove_dir_all(&home);
    match fs::rename(&unfinished, &home) {
        Ok(()) => Ok(()),
        // Someone else was quicker, which is as good.
        Err(_) if tool.is_installed()? => Ok(()),
        Err(cause) => Err(Problem::new(format!(
            "{} cannot be moved to {}: {cause}",
            unfinished.display(),
            home.display()
        ))),
    }
}

fn install_trunk(into: &Path) -> Result<()> {
    // Built to be used at once, not to be fast: Trunk waits for the compiler most of its time.
    cargo_install(into, "trunk", TRUNK, |command| {
        command
            .args(["--no-default-features", "--features", "rustls"])
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
    })
}

fn install_wasm_bindgen(into: &Path) -> Result<()> {
    cargo_install(into, "wasm-bindgen-cli", WASM_BINDGEN, |_| {})
}

fn cargo_install(into: &Path, name: &str, version: &str, more: fn(&mut Command)) -> Result<()> {
    let mut command = run::cargo();
    command
        .args(["install", name, "--version", version, "--locked", "--root"])
        .arg(into)
        .env("CARGO_TARGET_DIR", into.join("build"));
    more(&mut command);
    run::must(&format!("Installing {name} {version}"), &mut command)?;
    fs::remove_dir_all(into.join("build"))
        .explain(|| format!("The build folder in {} cannot be removed", into.display()))
}

fn install_from_npm(into: &Path, name: &str, version: &str) -> Result<()> {
    npm_is_there()?;
    run::must(
        &format!("Installing {name} {version}"),
        run::command("npm")
            .args(["install", "--no-audit", "--no-fund", "--prefix"])
            .arg(into)
            .arg(format!("{name}@{version}")),
    )?;
    Ok(())
}

/// A sentence when Node.js is missing: it is the one thing that the set-up leaves to the person.
pub fn npm_is_there() -> Result<()> {
    let version = run::ask(run::command("node").arg("--version")).unwrap_or_default();
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    let npm = paths::find_program(&["npm"]).is_some();
    match major {
        Some(20..) if npm => Ok(()),
        Some(20..) => Err(Problem::new(
            "npm could not be found: install it beside Node.js",
        )),
        Some(_) => Err(Problem::new(format!(
            "Node.js {version} is too old: install Node.js 20 or newer with npm"
        ))),
        None => Err(Problem::new(
            "Node.js could not be found: install Node.js 20 or newer with npm",
        )),
    }
}
